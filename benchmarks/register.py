"""How long a register takes to import: a workbook and text of many dossiers, read, checked, planned and stored.

python -m benchmarks.register --dossiers 50000

Every import is signed and entered into the custody log, with the state that follows, as `luutru register import` does.
"""

from __future__ import annotations

import argparse
import io
import resource
import tempfile
import time
from pathlib import Path

import openpyxl

from archive import people
from benchmarks.machine import keep_results, print_table
from desk import ledgering, registering
from desk.office import Office, open_office, prepare

CLERK, PIN = "NV01", "739164"
HEADER = ("Số TT", "Số, ký hiệu hồ sơ", "Tiêu đề hồ sơ", "Thời gian tài liệu", "Thời hạn bảo quản", "Số tờ", "Ghi chú")
TITLES = (
    "Hồ sơ cấp giấy chứng nhận quyền sử dụng đất của hộ ông Nguyễn Văn",
    "Hồ sơ giải quyết khiếu nại, tố cáo của công dân tổ dân phố số",
    "Tập văn bản về công tác thi đua, khen thưởng đợt",
)


def make_rows(count: int) -> list[list[object]]:
    """Return rows of dossiers that are all different."""
    return [
        [n, f"{n:06}/ĐĐ", f"{TITLES[n % 3]} {n}", f"{1990 + n % 30} - {1991 + n % 30}", "Vĩnh viễn", n % 200 + 1, None]
        for n in range(1, count + 1)
    ]


def as_workbook(rows: list[list[object]]) -> bytes:
    """Return the rows as .xlsx."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Mục lục")
    for row in [list(HEADER), *rows]:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_text(rows: list[list[object]]) -> bytes:
    """Return the rows as .csv in UTF-8."""
    lines = (";".join("" if cell is None else str(cell) for cell in row) for row in [list(HEADER), *rows])
    return "\r\n".join(lines).encode("utf-8-sig")


def take_in(office: Office, raw: bytes, fonds: str) -> list[object]:
    """Import a list twice and return the seconds of reading, storing, and importing again."""
    started, busy = time.perf_counter(), time.process_time()
    seen = registering.look(office, raw, "list", fonds)
    read = time.perf_counter()
    batch = registering.write(office, seen, registering.in_the_log(office, [(CLERK, PIN)]))
    stored, used = time.perf_counter(), time.process_time() - busy
    check = ledgering.check(office, lambda _done, _all: None)
    assert check.findings == ()
    again_from = time.perf_counter()
    again = registering.write(office, registering.look(office, raw, "list", fonds))
    ended = time.perf_counter()
    assert (len(batch.added), len(again.added), again.unchanged) == (len(seen.reading.records), 0, len(batch.added))
    return [len(batch.added), read - started, stored - read, stored - started, used, ended - again_from, check.size]


def main() -> None:
    """Measure both kinds of file and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dossiers", type=int, default=50_000)
    count: int = parser.parse_args().dossiers
    rows, table = make_rows(count), []
    with tempfile.TemporaryDirectory() as room:
        home = Path(room)
        prepare(home, {})
        office = open_office(home, {})
        with office.database.atomic() as session:
            now = office.clock.now()
            people.add(session, code=CLERK, name="Lan", unit="Văn phòng", roles={"clerk"}, pin=PIN, now=now)
            for fonds in ("XLSX", "CSV"):
                registering.catalogue.add_fonds(session, fonds, fonds, "", office.clock.now())
        for fonds, raw in (("XLSX", as_workbook(rows)), ("CSV", as_text(rows))):
            table.append([fonds, *take_in(office, raw, fonds)])
        office.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    header = ["kind", "dossiers", "read s", "store s", "both s", "CPU s", "again s", "entries"]
    print_table(header, table)
    print(f"peak memory: {peak} MiB")
    keep_results("register", {"header": header, "rows": table, "peak_mib": peak})


if __name__ == "__main__":
    main()
