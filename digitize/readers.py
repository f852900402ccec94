"""Groups of prepared pages through the engine, and one by one when a group fails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image

from digitize.cleaning import Transform
from digitize.errors import PageError
from digitize.layout import order_words
from digitize.ocr import Engine, EngineLimits, find_engine, read_pictures
from digitize.preparing import Finished, Prepared
from digitize.quality import Reason, Thresholds, judge_page, weigh_legibility
from digitize.syllables import mend_syllable
from digitize.text import PageText, Word, compose_page, join_words

_LETTERS = re.compile(r"[^\W\d_]+")
Outcome = tuple[Word, ...] | PageError


@dataclass(slots=True)
class Reader:
    """One engine for one scan; it is looked for only when a page needs it."""

    language: str
    program: str
    tessdata: str
    limits: EngineLimits

    def find(self) -> Engine:
        """Find the engine, or raise `EngineError`."""
        return find_engine(self.program, self.tessdata, self.language)

    def read_group(self, group: Sequence[Prepared]) -> dict[int, Outcome]:
        """Read a group in one engine process; when that fails, each page alone, to find the one at fault."""
        if not group:
            return {}
        engine = self.find()
        try:
            pages = read_pictures([one.picture for one in group], engine, self.language, self.limits)
            return {one.number: words for one, words in zip(group, pages, strict=True)}
        except PageError as failed:
            if len(group) == 1:
                return {group[0].number: failed}
        alone: dict[int, Outcome] = {}
        for one in group:
            alone |= self.read_group([one])
        return alone

    def finish(self, one: Prepared, outcome: Outcome, bounds: Thresholds) -> Finished:
        """Make the finished page from what the engine gave, trying the other way up when it reads poorly."""
        engine = self.find()
        page, done = (
            one.page,
            Finished(one.number, one.page.width, one.page.height, one.page.dpi, codes=one.codes),
        )
        name = f"tesseract {engine.version} {self.language}"
        if isinstance(outcome, PageError):
            reason = Reason("failed", {"code": outcome.code, **outcome.facts})
            return replace(done, reasons=(*one.reasons, reason), engine=name)
        transform, reasons = one.transform, list(one.reasons)
        for turn in other_turns(outcome, transform.turn, bounds):
            turned = self._try_turned(one, turn)
            if turned is not None and is_better(turned, outcome):
                facts: dict[str, object] = {"kept": turn, "lost": transform.turn}
                outcome, transform = turned, replace(transform, turn=turn)
                reasons.append(Reason("turned", facts))
                break
        read = self._place(outcome, transform)
        skew = transform.skew
        reasons += judge_page(one.ink, read.words, read.confidence, page.dpi, page.dpi_guessed, skew, bounds)
        whole = compose_page(join_words(read.words, one.extra)) if one.extra else read
        return replace(
            done,
            rotation=transform.turn,
            skew=skew,
            source="ocr",
            page=whole,
            reasons=tuple(reasons),
            engine=name,
        )

    def _place(self, words: tuple[Word, ...], transform: Transform) -> PageText:
        wide, high = transform.width * transform.scale, transform.height * transform.scale
        if transform.turn in (90, 270):
            wide, high = high, wide
        placed = []
        for word in order_words([mend_word(word) for word in words], wide, high):
            placed.append(replace(word, box=transform.place(word.box)))
        return compose_page(placed)

    def _try_turned(self, one: Prepared, turn: int) -> tuple[Word, ...] | None:
        """Read the prepared picture once more, turned so that the page as a whole is turned by `turn`."""
        quarters = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
        path = one.picture.with_name(f"{one.picture.stem}-to-{turn}.tif")
        with Image.open(one.picture) as image:
            dpi = image.info.get("dpi", (200, 200))
            turned = image.transpose(quarters[(turn - one.transform.turn) % 360])
            turned.save(path, "TIFF", dpi=dpi, compression="raw")
        try:
            return read_pictures([path], self.find(), self.language, self.limits)[0]
        except PageError:
            return None


def mend_word(word: Word) -> Word:
    """Mend the letters of a word that cannot be Vietnamese as they were read."""
    found = _LETTERS.search(word.text)
    if found is None:
        return word
    mended = mend_syllable(found[0])
    return (
        word
        if mended == found[0]
        else replace(word, text=word.text[: found.start()] + mended + word.text[found.end() :])
    )


def is_poor(words: Sequence[Word], bounds: Thresholds) -> bool:
    """Tell whether a reading is so poor that the page may be the wrong way up."""
    if len(words) < 3 or weigh_legibility(words) >= bounds.legible:
        return False
    return compose_page(words).confidence < bounds.confidence + 10


def other_turns(words: Sequence[Word], turn: int, bounds: Thresholds) -> tuple[int, ...]:
    """Return which other turns are worth a second reading.

    A page read poorly may be upside down. One that was turned sideways on the evidence of its ink alone, and then has
    hardly a word, was better left as it came: one line of large letters looks like a page on its side.
    """
    poor = is_poor(words, bounds)
    if turn in (90, 270) and (poor or len(words) < 3):
        return (0, (turn + 180) % 360)
    return ((turn + 180) % 360,) if poor else ()


def is_better(turned: Sequence[Word], first: Sequence[Word]) -> bool:
    """Tell whether the page turned over reads clearly better: more of it is legible, and the engine is surer of it.

    Legibility alone counts Vietnamese syllables and would turn a page of few foreign words or numbers.
    """
    legible = weigh_legibility(turned) > weigh_legibility(first) * 1.3 + 0.05
    surer = compose_page(turned).confidence > compose_page(first).confidence
    return surer and (legible or len(first) < 3)
