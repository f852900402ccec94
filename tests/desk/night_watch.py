"""A guarded station for tests of the guard's pages: people with PINs, boxes with sound codes, keys, a round."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

from PIL import Image
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_Q
from sqlmodel import Session

from archive import gate, people, places, posts
from archive.clock import HandClock
from archive.people import Role
from custody.entries import Stamp
from custody.entries_rounds import RoundPlanned
from desk import custodial, rounds, stocktaking
from desk.office import Office
from tests.custody.sealed_boxes import seal_boxes
from tests.desk.guarding import BOXES

PIN = "7294"
ROLES = {
    "BV01": Role.GUARD,
    "BV02": Role.GUARD,
    "LD01": Role.LEADER,
    "NV01": Role.CLERK,
    "LT01": Role.ARCHIVIST,
    "QT01": Role.ADMINISTRATOR,
}
NAMES = {
    "BV01": "Nguyễn Văn Bình",
    "BV02": "Trần Thị Minh",
    "LD01": "Lê Quang Chu",
    "NV01": "Phạm Thu Lan",
    "LT01": "Đỗ Anh Tuấn",
    "QT01": "Quản Trị",
}
POST = "P1"


def furnish(office: Office) -> None:
    """Write down people, places, one post, six boxes that BV01 answers for, and two keys."""
    now = office.clock.now()
    with office.database.atomic() as session:
        for code, role in ROLES.items():
            people.add(session, code=code, name=NAMES[code], unit=role.value, roles=[role], pin=PIN, now=now)
        places.add(session, None, "store", "Kho 1", now)
        places.add(session, "Kho 1", "shelf", "G1", now)
        places.add(session, "Kho 1", "shelf", "G2", now)
        posts.add(session, code=POST, name="Kho 1, cổng chính", place="Kho 1", watches=(), now=now)
        gate.add_key(session, code="K-01", name="Cửa kho 1", place="Kho 1", now=now)
        gate.add_key(session, code="K-02", name="Tủ hồ sơ", place="Kho 1/G1", now=now)
        _seal(office, session, BOXES[:4], "Kho 1/G1")
        _seal(office, session, BOXES[4:], "Kho 1/G2")


def _seal(office: Office, session: Session, boxes: tuple[str, ...], place: str) -> None:
    stamp = Stamp(custodial.local_now(office), ("NV01",), "test")
    seal_boxes(session, stamp, boxes, "BV01", place, "Kho 1")


def plan_round(office: Office) -> None:
    """Publish a plan, ten minutes ago, of which a round fell due two minutes ago."""
    now = office.clock.now()
    earlier = replace(office, clock=HandClock(now - timedelta(minutes=10)))
    at = custodial.local_now(office) - timedelta(minutes=2)
    plan = RoundPlanned(
        "DEM", "round", POST, ("boxes Kho 1/G1",), (f"at {at:%H:%M}",), (), 40, 20, 0, at.strftime("%z")[:3] + ":00"
    )
    rounds.add_plan(earlier, plan, [("LD01", PIN)])


def open_stocktake(office: Office) -> str:
    """Open a stocktake over the store and return its number."""
    return stocktaking.open_stocktake(office, ["Kho 1"], [("LT01", PIN)]).code


def place_code(office: Office, path: str) -> str:
    """Return the code on the label of a place."""
    with office.database.reading() as session:
        return places.find(session, path).code


def draw_label(*texts: str, pixels: int = 6) -> Image.Image:
    """Return a picture of labels with these QR texts, one beside the other, as a camera sees them."""
    made = []
    for text in texts:
        code = QRCode(error_correction=ERROR_CORRECT_Q, box_size=pixels, border=4)
        code.add_data(text)
        code.make()
        made.append(code.make_image().get_image().convert("L"))
    width, height = sum(each.width for each in made) + 40 * (len(made) + 1), max(each.height for each in made) + 80
    sheet = Image.new("L", (width, height), 210)
    left = 40
    for each in made:
        sheet.paste(each, (left, 40))
        left += each.width + 40
    return sheet


def as_jpeg(image: Image.Image) -> bytes:
    """Return a picture as a phone sends it."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
