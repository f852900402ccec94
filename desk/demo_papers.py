"""Made-up papers for a playground: a register of dossiers, and scans of administrative documents drawn from words.

The layout follows Decree 30/2020/ND-CP, Appendix I: the letterhead in two columns, number and date, the kind of the
document, its body and its signer. Nobody named here exists; the numbers are nobody's.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = Path(__file__).resolve().parent.parent / "labels" / "fonts"
DPI = 150
IN_BOX = 10
WIDTH, HEIGHT = round(8.27 * DPI), round(11.69 * DPI)
MARGIN_LEFT, MARGIN_RIGHT = round(1.18 * DPI), round(0.7 * DPI)
INK, STAMP = (28, 28, 34), (196, 38, 46)
BODY = "UBND PHƯỜNG HÀNG SEN"
STREETS = ("Hàng Sen", "Ngõ Cau", "Tô Lịch", "Phố Lụa", "Bến Nứa", "Chợ Mây", "Cầu Gỗ Nhỏ", "Đường Thành Cũ")
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô")
GIVEN = (
    "Thị Hòa",
    "Văn Bình",
    "Quang Minh",
    "Thị Lan",
    "Đức Thắng",
    "Ngọc Ánh",
    "Hữu Phúc",
    "Thu Hà",
    "Mạnh Cường",
    "Mai Anh",
)
KINDS = (
    ("QĐ", "QUYẾT ĐỊNH", "Về việc cấp phép sửa chữa nhà ở số {house} phố {street}"),
    ("GCN", "GIẤY CHỨNG NHẬN", "Xác nhận tình trạng sử dụng đất tại số {house} phố {street}"),
    ("BB", "BIÊN BẢN", "Về việc xác minh ranh giới thửa đất số {plot}, tờ bản đồ số {sheet}"),
    ("TTr", "TỜ TRÌNH", "Về việc hỗ trợ hộ ông {person} tại phố {street}"),
    ("TB", "THÔNG BÁO", "Về việc niêm yết công khai hồ sơ đăng ký hộ tịch của bà {person}"),
)
SENTENCES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương và các văn bản hướng dẫn thi hành;",
    "Xét đề nghị của công chức địa chính - xây dựng phường tại báo cáo thẩm tra hồ sơ kèm theo;",
    "Hồ sơ đã được niêm yết tại trụ sở trong thời hạn mười lăm ngày, không có ý kiến khiếu nại.",
    "Giao bộ phận văn phòng lưu trữ hồ sơ gốc, lập danh mục và bảo quản theo thời hạn quy định.",
    "Diện tích thửa đất đo thực tế là {area} mét vuông, phù hợp với bản đồ địa chính được duyệt.",
    "Các ông bà có tên trên chịu trách nhiệm thi hành kể từ ngày ký.",
    "Người sử dụng đất đã hoàn thành nghĩa vụ tài chính theo thông báo của cơ quan thuế.",
    "Bản sao được gửi cho gia đình, công an phường và tổ dân phố số {group} để phối hợp thực hiện.",
)


@dataclass(frozen=True)
class Paper:
    """One made-up document: the file it is scanned into, and the bytes of its PDF."""

    name: str
    pdf: bytes
    pages: int


def person(chance: random.Random) -> str:
    """Return the name of nobody."""
    return f"{chance.choice(FAMILY)} {chance.choice(GIVEN)}"


def register(count: int) -> bytes:
    """Return a list of dossiers as an office would have it: separated text with the headings offices use."""
    chance = random.Random(26)  # noqa: S311  # the same list each time, no secret
    head = (
        "Số TT",
        "Số, ký hiệu hồ sơ",
        "Tiêu đề hồ sơ",
        "Thời gian tài liệu",
        "Thời hạn bảo quản",
        "Số tờ",
        "Ghi chú",
    )
    lines = [head]
    for number in range(1, count + 1):
        year = 1994 + number % 24
        # What is kept equally long goes into one box.
        kept = ("Vĩnh viễn", "70 năm", "20 năm")[(number - 1) // IN_BOX % 3]
        title = _about(chance.choice(KINDS)[2], chance)
        title = title.removeprefix("Về việc ").removeprefix("Xác nhận ")
        lines.append((str(number), f"{number:03}/HS", f"Hồ sơ {title}", f"{year}", kept, str(leaves_of(number)), ""))
    return "\r\n".join(";".join(f'"{cell}"' for cell in line) for line in lines).encode()


def leaves_of(number: int) -> int:
    """Return how many leaves dossier `number` of the register has."""
    return 4 + number * 7 % 19


def papers(count: int, until: date) -> list[Paper]:
    """Draw documents, each named as a scanning station names its files: by the dossier it belongs to."""
    made = []
    for number in range(1, count + 1):
        chance = random.Random(number)  # noqa: S311  # the same
        pages = 1 + (number % 3 == 0)
        images = [_page(chance, number, each, until - timedelta(days=400 + 97 * number)) for each in range(pages)]
        out = io.BytesIO()
        images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=DPI, quality=80)
        made.append(Paper(f"{number:03}-HS.pdf", out.getvalue(), pages))
    return made


def not_a_scan() -> bytes:
    """Return a file that was broken off while it was copied, so that a playground has one to set aside."""
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"


def _about(pattern: str, chance: random.Random) -> str:
    return pattern.format(
        house=chance.randrange(2, 180),
        street=chance.choice(STREETS),
        plot=chance.randrange(10, 300),
        sheet=chance.randrange(1, 40),
        person=person(chance),
    )


def _page(chance: random.Random, number: int, ordinal: int, day: date) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), (252, 250, 244))
    pen = ImageDraw.Draw(image)
    top = round(0.8 * DPI)
    if ordinal == 0:
        top = _head(pen, chance, number, day, top)
    for sentence in chance.sample(SENTENCES, 6 if ordinal == 0 else len(SENTENCES)):
        told = sentence.format(area=chance.randrange(24, 180), group=chance.randrange(1, 30))
        top = _paragraph(pen, told, top)
    _foot(image, pen, chance, top + round(0.3 * DPI))
    # What a scanner adds: a slight turn and soft edges.
    turned = image.rotate(chance.uniform(-0.5, 0.5), Image.Resampling.BICUBIC, fillcolor=(250, 248, 242))
    return turned.filter(ImageFilter.GaussianBlur(0.4))


def _head(pen: ImageDraw.ImageDraw, chance: random.Random, number: int, day: date, top: int) -> int:
    code, kind, about = chance.choice(KINDS)
    small, bold = _font(11), _font(11, bold=True)
    left, right, step = WIDTH * 0.28, WIDTH * 0.71, round(0.2 * DPI)
    for middle, text, font in (
        (left, "THÀNH PHỐ HÀ NỘI", small),
        (right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold),
        (left, BODY, bold),
        (right, "Độc lập - Tự do - Hạnh phúc", bold),
        (left, f"Số: {number + 100}/{code}-UBND", small),
        (right, f"Hàng Sen, ngày {day.day} tháng {day.month} năm {day.year}", small),
    ):
        pen.text((middle, top), text, INK, font, anchor="ma")
        top += step if middle == right else 0
    top += round(0.25 * DPI)
    pen.text((WIDTH / 2, top), kind, INK, _font(14, bold=True), anchor="ma")
    top += round(0.28 * DPI)
    pen.text((WIDTH / 2, top), _about(about, chance), INK, _font(12, bold=True), anchor="ma")
    return top + round(0.45 * DPI)


def _paragraph(pen: ImageDraw.ImageDraw, text: str, top: int) -> int:
    font, line = _font(13), "      "
    for word in text.split():
        longer = f"{line} {word}" if line.strip() else f"{line}{word}"
        if pen.textlength(longer, font) > WIDTH - MARGIN_LEFT - MARGIN_RIGHT:
            pen.text((MARGIN_LEFT, top), line, INK, font)
            top += round(0.26 * DPI)
            line = word
        else:
            line = longer
    pen.text((MARGIN_LEFT, top), line, INK, font)
    return top + round(0.32 * DPI)


def _foot(image: Image.Image, pen: ImageDraw.ImageDraw, chance: random.Random, top: int) -> None:
    middle = WIDTH * 0.7
    pen.text((middle, top), "CHỦ TỊCH", INK, _font(12, bold=True), anchor="ma")
    pen.text((middle, top + DPI), person(chance), INK, _font(12, bold=True), anchor="ma")
    seal = Image.new("RGBA", image.size, (0, 0, 0, 0))
    draw, radius = ImageDraw.Draw(seal), round(0.55 * DPI)
    centre = (round(middle - 0.5 * DPI), top + round(0.6 * DPI))
    for ring, width in ((radius, 4), (radius - 12, 2)):
        box = (centre[0] - ring, centre[1] - ring, centre[0] + ring, centre[1] + ring)
        draw.ellipse(box, outline=(*STAMP, 170), width=width)
    draw.text(centre, "BẢN THỬ", (*STAMP, 170), _font(12, bold=True), anchor="mm")
    image.paste(seal, (0, 0), seal)


def _font(points: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "LiberationSerif-Bold.ttf" if bold else "LiberationSerif-Regular.ttf"
    return ImageFont.truetype(str(FONTS / name), round(points * DPI / 72))
