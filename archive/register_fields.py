"""The fields of a list of dossiers: what its columns may be called, and what may stand in them.

Field names, lengths and closed lists follow the dossier lists of the records rules (columns of the two lists of
dossiers, and the dossier fields of Circulars 02/2019/TT-BNV and 05/2025/TT-BNV). Names are compared without case and
marks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Shape(StrEnum):
    """What a cell of a field holds."""

    TEXT = "text"
    COUNT = "count"
    DAY = "day"
    PERIOD = "period"
    RETENTION = "retention"
    CHOICE = "choice"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Field:
    """One field: its key, shape, longest text, column names (folded), and for a choice text → code."""

    key: str
    shape: Shape
    names: tuple[str, ...]
    limit: int = 200
    choices: Mapping[str, str] = field(default_factory=dict)


MODE = {"cong khai": "01", "su dung rong rai": "01", "co dieu kien": "02", "tiep can co dieu kien": "02",
         "han che": "02", "mat": "03", "bi mat": "03"}  # fmt: skip
CONDITION = {"tot": "01", "binh thuong": "02", "trung binh": "02", "hong": "03", "xau": "03", "hu hong": "03"}
CONFIDENCE = {"goc dien tu": "01", "so hoa": "02", "hon hop": "03"}
RISK = {"co": "1", "khong": "0"}
RISK_STATUS = {"da du phong": "01", "chua du phong": "02"}

FIELDS: tuple[Field, ...] = (
    Field("ordinal", Shape.IGNORED, ("stt", "so tt", "tt", "so thu tu", "thu tu", "no", "ordinal")),
    Field(
        "number",
        Shape.TEXT,
        (
            "so va ky hieu", "so ky hieu", "so va ky hieu ho so", "so ky hieu ho so", "ky hieu ho so", "so ho so",
            "ho so so", "so hs", "hs so", "so va ky hieu hs", "don vi bao quan", "don vi bao quan so", "so dvbq",
            "dvbq so", "dvbq", "filenotation", "file notation", "dossier number", "file number", "number and symbol",
        ),
        100,
    ),
    Field("file_code", Shape.TEXT, ("ma ho so", "ma hs", "filecode", "file code", "dossier code"), 100),
    Field(
        "title",
        Shape.TEXT,
        ("tieu de ho so", "tieu de", "ten ho so", "tieu de hs", "noi dung ho so", "tieu de ho so tai lieu", "title",
         "tieu de don vi bao quan", "file title", "trich yeu"),
        1000,
    ),
    Field("retention", Shape.RETENTION,
          ("thoi han bao quan", "thbq", "thoi han", "thoi gian bao quan", "maintenance", "retention"), 100),
    Field("period", Shape.PERIOD,
          ("thoi gian tai lieu", "thoi gian cua tai lieu", "thoi gian", "ngay thang tai lieu", "nam tai lieu", "nam",
           "ngay thang bat dau ket thuc", "ngay thang nam bat dau va ket thuc", "thoi gian bat dau ket thuc",
           "period"), 200),
    Field("start", Shape.DAY, ("ngay bat dau", "thoi gian bat dau", "tu ngay", "bat dau", "startdate", "start date")),
    Field("end", Shape.DAY, ("ngay ket thuc", "thoi gian ket thuc", "den ngay", "ket thuc", "enddate", "end date")),
    Field("leaves", Shape.COUNT,
          ("so to", "so luong to", "tong so to", "so to so trang", "so to trang", "so luong to so trang", "sl to",
           "numberofpaper", "number of paper", "maximum", "leaves", "sheets")),
    Field("pages", Shape.COUNT,
          ("so trang", "so luong trang", "tong so trang", "sl trang", "numberofpage", "number of page", "pagenumber",
           "page number", "pages")),
    Field("documents", Shape.COUNT,
          ("so van ban", "tong so van ban", "so luong van ban", "tong so tai lieu", "so luong tai lieu", "so vb",
           "tong so van ban trong ho so", "totaldoc", "total doc", "documents")),
    Field("maker", Shape.TEXT,
          ("nguoi lap", "nguoi lap ho so", "don vi lap", "don vi nguoi lap", "don vi nguoi lap ho so",
           "don vi ca nhan lap ho so", "maker", "created by"), 200),
    Field("box", Shape.TEXT, ("hop so", "so hop", "hop", "cap so", "so cap", "hop cap", "hop cap so", "cap hop so",
                              "box", "box number"), 100),
    Field("catalogue", Shape.TEXT, ("muc luc so", "so muc luc", "muc luc", "filecatalog", "file catalog"), 100),
    Field("mode", Shape.CHOICE, ("che do su dung", "che do tiep can", "muc do tiep can", "han che su dung", "mode",
                                 "rights", "access"), 2, MODE),
    Field("language", Shape.TEXT, ("ngon ngu", "language"), 100),
    Field("keyword", Shape.TEXT, ("tu khoa", "keyword", "keywords"), 100),
    Field("information_sign", Shape.TEXT, ("ky hieu thong tin", "inforsign", "infor sign"), 30),
    Field("condition", Shape.CHOICE, ("tinh trang vat ly", "tinh trang", "tinh trang tai lieu", "format",
                                      "condition"), 2, CONDITION),
    Field("confidence", Shape.CHOICE, ("muc do tin cay", "confidencelevel", "confidence level"), 2, CONFIDENCE),
    Field("paper_code", Shape.TEXT, ("ma ho so giay", "ma ho so goc giay", "ma ho so giay goc", "paperfilecode",
                                     "paper file code"), 100),
    Field("risk", Shape.CHOICE, ("che do du phong", "riskrecovery", "risk recovery"), 2, RISK),
    Field("risk_status", Shape.CHOICE, ("tinh trang du phong", "riskrecoverystatus", "risk recovery status"), 2,
          RISK_STATUS),
    Field("description", Shape.TEXT, ("mo ta", "chu giai", "description"), 2000),
    Field("note", Shape.TEXT, ("ghi chu", "note", "notes", "remark", "remarks"), 500),
)  # fmt: skip  # a table of names reads better in rows than one name to a line


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """What the columns of one kind of list may mean; of each group of `needs` a header must name at least one."""

    fields: tuple[Field, ...]
    needs: tuple[frozenset[str], ...]


DOSSIERS = Vocabulary(FIELDS, (frozenset({"title"}), frozenset({"number", "file_code"})))
BY_KEY: Mapping[str, Field] = {each.key: each for each in FIELDS}
# The closed list of retention of the dossier fields: code → years, "permanent", or as the list says.
RETENTION_CODES = {"01": "permanent", "02": "70", "03": "50", "04": "30", "05": "20", "06": "10"}
