"""A day on paper: two hundred dossiers in ten boxes, every label and cover read back, minutes bound to the log."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from archive.refs import Kind, read_ref, show_code
from desk.cli.exits import Exit
from desk.cli.main import answer
from labels.geometry import Box
from labels.read import cover_on, read_codes
from labels.stocks import STOCKS
from tests.archive.lists import HEADER, text
from tests.desk.paper_office import IN_BOX, PaperDay
from tests.desk.test_custody_day import PEOPLE, PIN
from tests.labels.raster import rasterise, words_on

BOXES = 10
# As long as titles in real lists get, with every kind of mark.
LONG = (
    "Hồ sơ về việc cấp giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất cho "
    "hộ gia đình ông Nguyễn Thượng Hiền, số nhà 12 ngõ 34 phố Hàng Bạc, quận Hoàn Kiếm, thành phố Hà Nội, tập {n}"
)
FONDS = "Ủy ban nhân dân phường Nguyễn Thượng Hiền, quận Hai Bà Trưng, thành phố Hà Nội (trước năm 2025)"

# Far ahead, so that the tests do not depend on the hour.
DEADLINE = ("--until", "2099-01-01T17:00:00+07:00")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> PaperDay:
    """Make the office once; each test works on a copy."""
    room = tmp_path_factory.mktemp("office")
    office = PaperDay(room)
    office.pins.write_text("".join(f"{code}={PIN}\n" for code in PEOPLE), encoding="utf-8")
    assert answer(["init", "--home", str(office.home)], {}) == Exit.OK
    named = f'office_name = "{FONDS}"\noffice_city = "Hà Nội"\nlabel_host = "luutru-hangbac.local"\n'
    (office.home / "luutru.toml").write_text(named, encoding="utf-8")
    for code, (name, unit, role) in PEOPLE.items():
        office.do("people", "add", code, "--name", name, "--unit", unit, "--role", role, "--pins", office.pins)
    office.do("fonds", "add", "P01", "--name", FONDS)
    office.do("place", "add", "store", "Kho 1")
    office.do("place", "range", "--in", "Kho 1", "shelf=1-3")
    rows = [
        [n, f"{n:03}/HS-UBND", LONG.format(n=n), "2001-2004", "vĩnh viễn", 10 + n, ""]
        for n in range(1, BOXES * IN_BOX + 1)
    ]
    (room / "list.csv").write_text(text([HEADER, *rows]), encoding="utf-8")
    office.do("register", "import", room / "list.csv", "--fonds", "P01", "--yes", by="NV01")
    office.do("seal", "roll", "C1", "--prefix", "A", "--first", "0001", "--size", "40", by="NV02")
    office.boxes = [office.seal_box(at) for at in range(BOXES)]
    return office


@pytest.fixture
def day(sealed: PaperDay, tmp_path: Path) -> PaperDay:
    """Give a copy of the office."""
    office = PaperDay(tmp_path / "office")
    shutil.copytree(sealed.home.parent, tmp_path / "office")
    office.boxes = sealed.boxes
    return office


def codes_on(path: Path, dpi: int, *, mono: bool) -> list[tuple[Kind | None, str]]:
    """Return every code on the pages, as a printer puts them on paper."""
    pages = rasterise(path.read_bytes(), dpi, mono)
    return [(mark.ref.kind, mark.ref.code) for page in pages for mark in read_codes(page)]


def test_two_hundred_dossiers_leave_a_day_of_paper_that_reads_back(day: PaperDay, tmp_path: Path) -> None:
    """Labels of all boxes on a label printer and on sheets, covers of a box, and minutes that name the log's head."""
    thermal, fronts, strips = (tmp_path / f"{name}.pdf" for name in ("thermal", "fronts", "strips"))
    assert day.do("label", "package", "--all-sealed", "--stock", "thermal", "--dpi", 203, "-o", thermal)["cut"] == []
    assert day.do("label", "package", "--all-sealed", "-o", fronts)["codes"] == day.boxes, "in the order of the shelf"
    day.do("label", "package", "--place", "Kho 1/1", "--stock", "strip", "-o", strips)
    wanted = sorted((Kind.BOX, code) for code in day.boxes for _ in range(2))
    assert sorted(codes_on(thermal, 203, mono=True)) == wanted
    assert sorted(codes_on(fronts, 300, mono=False)) == wanted
    assert {code for _, code in codes_on(strips, 300, mono=False)} == set(day.boxes[::3])
    covers = tmp_path / "covers.pdf"
    labels = day.do("cover", "--package", day.boxes[4], "--dpi", 300, "-o", covers)["codes"]
    assert len(set(labels)) == IN_BOX
    for label, page in zip(labels, rasterise(covers.read_bytes(), 200), strict=True):
        found = cover_on(read_codes(page), *page.size)
        assert found is not None
        assert (found[0].kind, found[0].code, found[1]) == (Kind.DOSSIER, label, 0)
    minutes = tmp_path / "minutes.pdf"
    made = day.do("form", "F9", "--package", day.boxes[4], "-o", minutes, "--by", "NV01")
    head = day.do("ledger", "paper", "--size", made["size"], "--code", made["head"])
    assert head["agrees"]
    words = day.text_of(minutes)
    short = head["short"]
    assert " ".join(short[at : at + 4] for at in range(0, 16, 4)) in words
    leaves = sum(10 + n for n in range(4 * IN_BOX + 1, 5 * IN_BOX + 1))
    assert leaves == 2010
    assert "20 hồ sơ (bằng chữ: hai mươi hồ sơ), 2.010 tờ (bằng chữ: hai nghìn không trăm mười tờ)" in words
    for wanted_word in ("A0005", "081/HS-UBND", "100/HS-UBND", "Trần Văn Đức", "Hà Nội, ngày"):
        assert wanted_word in words
    verdicts = {each["number"]: each["outcome"] for each in day.do("verify")["invariants"]}
    assert verdicts[16] == "holds"
    assert day.do("resolve", made["numbers"][0])["meaning"]["title"] == day.boxes[4]


@pytest.mark.parametrize("dpi", [203, 300])
def test_labels_of_a_box_read_back_and_stay_in_their_cells(dpi: int, day: PaperDay, tmp_path: Path) -> None:
    """Every stock, filled from boxes: codes read at 203 dpi black and white and at 300 dpi, no word over an edge."""
    codes = day.boxes[:3]
    for stock in (each for each in STOCKS.values() if each.name not in ("place", "badge")):
        out = tmp_path / f"{stock.name}.pdf"
        assert day.do("label", "package", *codes, "--stock", stock.name, "--dpi", dpi, "-o", out)["labels"] == 3
        found = sorted(code for _, code in codes_on(out, dpi, mono=dpi == 203))
        assert found == sorted(codes * (1 if stock.name == "L7651" else 2)), stock.name
        cells = [stock.place(number) for number in range(stock.cells)]
        for word, box in words_on(out.read_bytes()):
            # Words are measured with their ascenders; the letters themselves stand in the middle of that.
            letters = Box(box.left, box.top + box.height * 0.2, box.width, box.height * 0.6)
            assert any(cell.holds(letters) for cell in cells), (stock.name, word)


def test_places_badges_and_dossiers_get_their_labels(day: PaperDay, tmp_path: Path) -> None:
    """Each has its own letter in the code; no badge of somebody who left is printed by the way."""
    day.do("people", "retire", "NV04")
    made = {
        Kind.PLACE: ("place", "Kho 1", "--inside"),
        Kind.BADGE: ("badge",),
        Kind.DOSSIER: ("dossier", "--package", day.boxes[0]),
    }
    for kind, words in made.items():
        out = tmp_path / f"{kind}.pdf"
        codes = day.do("label", *words, "-o", out)["codes"]
        assert len(codes) == {Kind.PLACE: 4, Kind.BADGE: 3, Kind.DOSSIER: IN_BOX}[kind]
        assert set(codes_on(out, 300, mono=False)) == {(kind, code) for code in codes}
        assert day.do("resolve", codes[0])["meaning"]["kind"] == {"L": "place", "G": "badge", "D": "dossier"}[kind]


def test_a_second_print_says_so_and_a_new_seal_makes_a_new_label(day: PaperDay, tmp_path: Path) -> None:
    """The code stays; the second paper is marked; an open box gets no label, and sealed anew it gets a first one."""
    code = day.boxes[0]
    sheets = [tmp_path / f"{number}.pdf" for number in range(3)]
    for sheet in sheets[:2]:
        assert day.do("label", "package", code, "-o", sheet)["codes"] == [code]
    opening = ("--decision", "12/QĐ-UBND", "--reason", "số hóa", "--number", "A0001", "--to", "NV02", *DEADLINE)
    day.do("package", "open", code, *opening, by="NV03 NV02 NV04")
    day.do("label", "package", code, "-o", sheets[2], ends=Exit.FINDINGS)
    day.do("label", "package", "--place", "Kho 1/3", "--stock", "foo", "-o", sheets[2], ends=Exit.USAGE)
    assert not sheets[2].exists()
    minutes = tmp_path / "opened.pdf"
    day.do("form", "F10", "--package", code, "-o", minutes)
    words = day.text_of(minutes)
    assert "số 12/QĐ-UBND về việc số hóa" in words
    assert "Kết quả đối chiếu: khớp" in words
    count = (IN_BOX, sum(10 + n for n in range(1, IN_BOX + 1)))
    day.count(code, *count, "NV02", "NV01")
    day.do("package", "reseal", code, "--number", "A0011", by="NV02 NV01")
    day.do("label", "package", code, "-o", sheets[2])
    told = [day.text_of(each) for each in sheets]
    assert ["In lại lần 1" in each for each in told] == [False, True, False]
    assert ["A0011" in each for each in told] == [False, False, True]


def test_numbers_of_blanks_are_kept_looked_up_and_made_void(day: PaperDay, tmp_path: Path) -> None:
    """Twenty blanks, twenty numbers; one void with its reason, none given again; a wrong PIN voids nothing."""
    out = tmp_path / "blanks.pdf"
    given = day.do("form", "blank", "F11", "--count", 20, "-o", out, "--by", "NV01")["numbers"]
    assert len(set(given)) == 20
    read = [ref for page in rasterise(out.read_bytes(), 203, mono=True) for ref in read_codes(page)]
    assert {f"F11-{mark.ref.code}" for mark in read} == set(given)
    day.pins.write_text(day.pins.read_text().replace("NV02=739164", "NV02=111222"))
    day.do("form", "void", given[0], "--reason", "mực loang", by="NV02", ends=Exit.FINDINGS)
    told = day.do("form", "void", given[0], "--reason", "mực loang", by="NV01")
    assert (told["void_reason"], told["voided_by"]) == ("mực loang", "NV01")
    assert day.do("form", "void", given[0], "--reason", "lại", by="NV01", ends=Exit.FINDINGS)
    waiting = {each["number"] for each in day.do("form", "numbers", "--form", "F11", "--waiting")}
    assert waiting == set(given[1:])
    assert day.do("form", "show", given[1].lower())["given_by"] == "NV01"


def test_a_blank_that_was_written_by_hand_is_keyed_in_under_its_number_once(day: PaperDay, tmp_path: Path) -> None:
    """What the paper says becomes an entry that its number leads to; void, keyed in and made-up numbers are refused."""
    given = day.do("form", "blank", "F11", "--count", 3, "-o", tmp_path / "blanks.pdf")["numbers"]
    day.do("form", "void", given[0], "--reason", "rách", by="NV01")
    photo = tmp_path / "sheet.png"
    Image.effect_noise((64, 64), 40).save(photo)
    written = day.do("form", "show", given[1])["given_at"]
    said = ("--from", written, "--where", "Kho 1", "--person", "NV01", "--photo", photo)

    def enter(number: str, form: str = "F11", ends: Exit = Exit.OK) -> Any:
        return day.do("paper", "enter", number, "--form", form, *said, by="NV01 NV02", ends=ends)

    assert "is void: rách" in enter(given[0], ends=Exit.FINDINGS)
    enter("F11-000000000", ends=Exit.NOT_FOUND)
    enter(given[1], form="F12", ends=Exit.NOT_FOUND)
    before = day.do("ledger", "check")["size"]
    enter(given[1])
    assert day.do("form", "show", given[1])["entry"] == before
    assert "keyed in already" in enter(given[1], ends=Exit.FINDINGS)
    enter("SO-12")
    assert [each["number"] for each in day.do("form", "numbers", "--waiting")] == [given[2]]
    assert {each["number"]: each["outcome"] for each in day.do("verify")["invariants"]}[16] == "holds"


def test_any_way_a_code_comes_in_leads_to_the_same_box(day: PaperDay) -> None:
    """Another host, typed groups, a hand scanner on a Vietnamese keyboard, a seal, a dossier; never a slip."""
    box, other = day.boxes[0], day.boxes[1]
    ways = (
        f"http://other.example/B/{box}",
        f"{box[:3]} {box[3:6].lower()}-{box[6:]}",
        f"hTTpƯ{{{{luutruƠlocal{{B{{{box}",
    )
    for way in ways:
        found = day.do("resolve", way)["meaning"]
        assert (found["kind"], found["code"], found["custodian"]) == ("box", box, "NV02"), way
        assert found["where"] == ["Kho 1/1", "Kho 1"]
    assert day.do("resolve", "A0002")["meaning"]["where"][0] == other
    assert day.do("resolve", "P01.001/HS-UBND")["meaning"]["where"] == [box, "Kho 1/1", "Kho 1"]
    assert day.do("resolve", "Kho 1/2")["meaning"]["kind"] == "place"
    wrong_kind = day.do("resolve", f"http://x/P/{box}", ends=Exit.FINDINGS)["meaning"]
    assert (wrong_kind["kind"], wrong_kind["other"]) == ("box", "P")
    at = next(at for at, (one, two) in enumerate(pairwise(box)) if one != two)
    swapped = box[:at] + box[at + 1] + box[at] + box[at + 2 :]
    for slip in (swapped, box[1:], box + "7", ("2" if box[0] != "2" else "3") + box[1:]):
        told = day.do("resolve", slip, ends=Exit.NOT_FOUND)
        assert told["meaning"] is None
        assert box in [each["code"] for each in told["suggestions"]], slip


def test_the_head_in_a_foot_is_compared_by_scanning_it(day: PaperDay, tmp_path: Path) -> None:
    """The other code of a form's foot says whether the log still is the one the sheet was printed from."""
    made = day.do("form", "f9", "--package", show_code(day.boxes[0]).lower(), "-o", tmp_path / "f9.pdf")
    head = f"HEAD/{made['size']}/{made['head'].upper()}"
    assert day.do("resolve", head)["meaning"]["state"] == "agrees"
    forged = head[:-1] + ("0" if head[-1] != "0" else "1")
    assert day.do("resolve", forged, ends=Exit.FINDINGS)["meaning"]["state"] == "differs"
    assert day.do("resolve", f"HEAD/99999/{made['head']}", ends=Exit.FINDINGS)["meaning"]["state"] == "longer-than-log"


def test_a_setting_names_the_host_inside_every_code(day: PaperDay, tmp_path: Path) -> None:
    """Labels, covers and forms carry the host of the settings, and an option goes before it."""
    made = {name: tmp_path / f"{name}.pdf" for name in ("label", "other", "cover", "form")}
    day.do("label", "package", day.boxes[0], "-o", made["label"])
    day.do("label", "package", day.boxes[0], "--address", "kho.vn", "-o", made["other"])
    day.do("cover", "--blank", 1, "-o", made["cover"])
    day.do("form", "F9", "--package", day.boxes[0], "-o", made["form"])
    for name, path in made.items():
        marks = [mark for page in rasterise(path.read_bytes(), 300) for mark in read_codes(page)]
        host = "KHO.VN" if name == "other" else "LUUTRU-HANGBAC.LOCAL"
        assert marks, name
        assert {mark.text.split("/")[2] for mark in marks} == {host}, name
        assert all(read_ref(mark.text) == mark.ref for mark in marks)


def test_values_given_by_hand_go_before_facts_and_wrong_ones_are_refused(day: PaperDay, tmp_path: Path) -> None:
    """A vehicle is added to a waybill; a name the form has no place for, and a count in letters, print nothing."""
    box, out = day.boxes[2], tmp_path / "waybill.pdf"
    day.do("form", "F14", "--package", box, "-o", out, ends=Exit.FINDINGS)
    sending = ("--destination", "Kho lưu trữ thành phố", "--to", "NV04", "--number", "A0003", *DEADLINE)
    day.do("package", "send", box, *sending, by="NV02 NV04")
    for wrong in ("vehicel=xe", "packages=ba", "vehicle"):
        day.do("form", "F14", "--package", box, "--set", wrong, "-o", out, ends=Exit.USAGE)
    before = len(day.do("form", "numbers"))
    day.do("form", "F14", "--package", box, "--set", "vehicle=Xe tải 29C-123.45", "-o", out)
    assert len(day.do("form", "numbers")) == before + 1, "what was refused has used no number"
    words = day.text_of(out)
    for wanted in ("Xe tải 29C-123.45", "Kho lưu trữ thành phố", "Phạm Lan", "A0003", "nguyên vẹn", "một kiện"):
        assert wanted in words
