"""Ink and age of made-up pages: stamps, signatures, paper, grain."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFont


def press_stamp(
    image: Image.Image,
    centre: tuple[int, int],
    radius: int,
    font: ImageFont.FreeTypeFont,
    dpi: int,
    signed: bool,
) -> Image.Image:
    """Press a red round stamp, and a blue signature beside it, over the text; ink multiplies, as on paper."""
    over = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(over)
    red = (214, 44, 52)
    for shrink, width in ((0, 4), (0.13, 2), (0.55, 2)):
        r = round(radius * (1 - shrink))
        box = (centre[0] - r, centre[1] - r, centre[0] + r, centre[1] + r)
        pen.ellipse(box, outline=red, width=max(2, round(width * dpi / 200)))
    for step, letter in enumerate("ỦY BAN NHÂN DÂN PHƯỜNG * T.P HÀ NỘI * "):
        angle = 2 * math.pi * step / 38
        spot = (centre[0] + 0.72 * radius * math.cos(angle), centre[1] + 0.72 * radius * math.sin(angle))
        pen.text(spot, letter, font=font, fill=red, anchor="mm")
    star = [
        (centre[0] + k * radius * math.cos(a), centre[1] + k * radius * math.sin(a))
        for n in range(10)
        for a, k in [(-math.pi / 2 + n * math.pi / 5, 0.32 if n % 2 == 0 else 0.13)]
    ]
    pen.polygon(star, fill=red)
    if signed:
        stroke = [
            (
                centre[0] + 0.2 * dpi + t * dpi / 60,
                centre[1] + 0.25 * dpi * math.sin(t / 5) * math.cos(t / 17),
            )
            for t in range(70)
        ]
        pen.line(stroke, fill=(38, 52, 178), width=max(2, dpi // 80))
    pressed = np.asarray(image, dtype=np.uint16) * np.asarray(over, dtype=np.uint16) // 255
    return Image.fromarray(pressed.astype(np.uint8), "RGB")


def wear_page(image: Image.Image, *, seed: int, skew: float, yellow: bool, noise: float, one_bit: bool) -> Image.Image:
    """Age, tilt and scan the page: paper colour, skew, grain, and black and white last."""
    if skew:
        image = image.rotate(-skew, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    values = np.asarray(image, dtype=np.float32)
    if yellow:
        values = values * np.array([0.97, 0.92, 0.78], dtype=np.float32)
    if noise:
        grain = np.random.default_rng(seed).normal(0.0, noise, values.shape[:2]).astype(np.float32)
        values = values + grain[..., None] - 3
    worn = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8), "RGB")
    if not one_bit:
        return worn
    return worn.convert("L").point(lambda v: 255 if v > 140 else 0).convert("1")
