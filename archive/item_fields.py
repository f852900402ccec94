"""The fields of a list of documents inside a dossier: what its columns may be called, and what may stand in them.

The columns of the list of documents of a dossier, and the 21 document fields of Circular 05/2025/TT-BNV (lengths as
far as they are known). Names are compared without case and marks.
"""

from __future__ import annotations

from collections.abc import Mapping

from archive.register_fields import CONDITION, CONFIDENCE, MODE, RISK, RISK_STATUS, Field, Shape, Vocabulary

ITEM_FIELDS: tuple[Field, ...] = (
    Field("dossier", Shape.TEXT,
          ("ma ho so", "ho so so", "so ho so", "ho so", "so va ky hieu ho so", "so ky hieu ho so", "don vi bao quan",
           "filecode", "file code", "dossier", "dossier code"), 100),
    Field("ordinal", Shape.COUNT, ("stt", "so tt", "tt", "so thu tu", "thu tu", "no", "ordinal")),
    Field("doc_id", Shape.TEXT, ("ma dinh danh", "ma dinh danh van ban", "docid", "doc id"), 25),
    Field("doc_code", Shape.TEXT, ("ma luu tru", "ma luu tru cua van ban", "ma van ban", "ma tai lieu", "doccode",
                                   "doc code"), 100),
    Field("number", Shape.TEXT,
          ("so va ky hieu", "so ky hieu", "so va ky hieu van ban", "so ky hieu van ban", "so ky hieu tai lieu",
           "number and symbol", "document number"), 100),
    Field("code_number", Shape.TEXT, ("so", "so van ban", "so cua van ban", "codenumber", "code number"), 11),
    Field("code_notation", Shape.TEXT, ("ky hieu", "ky hieu van ban", "ky hieu cua van ban", "codenotation",
                                        "code notation"), 30),
    Field("issued", Shape.DAY,
          ("ngay thang nam", "ngay thang", "ngay thang nam van ban", "ngay thang van ban", "ngay van ban", "ngay",
           "ngay ban hanh", "thoi gian ban hanh", "ngay thang nam ban hanh", "issueddate", "issued date", "date")),
    Field("type_name", Shape.TEXT, ("ten loai", "ten loai van ban", "loai van ban", "the loai", "typename",
                                    "type name"), 100),
    Field("subject", Shape.TEXT,
          ("ten loai va trich yeu", "ten loai va trich yeu noi dung", "ten loai va trich yeu noi dung van ban",
           "trich yeu", "trich yeu noi dung", "trich yeu noi dung van ban", "noi dung", "noi dung van ban", "subject",
           "title"), 500),
    Field("author", Shape.TEXT,
          ("tac gia", "tac gia van ban", "co quan ban hanh", "don vi ban hanh", "noi ban hanh",
           "ten co quan to chuc ban hanh", "co quan to chuc ban hanh van ban", "organname", "organ name", "author"),
          200),
    Field("leaf", Shape.TEXT, ("to so", "trang so", "to so trang so", "tu to den to", "tu trang", "leaf"), 40),
    Field("pages", Shape.COUNT, ("so trang", "so luong trang", "so trang van ban", "numberofpage", "number of page",
                                 "pages")),
    Field("retention", Shape.RETENTION, ("thoi han bao quan", "thbq", "maintenance", "retention"), 100),
    Field("language", Shape.TEXT, ("ngon ngu", "language"), 100),
    Field("information_sign", Shape.TEXT, ("ky hieu thong tin", "inforsign", "infor sign"), 30),
    Field("keyword", Shape.TEXT, ("tu khoa", "keyword", "keywords"), 100),
    Field("mode", Shape.CHOICE, ("che do su dung", "che do tiep can", "muc do tiep can", "mode"), 2, MODE),
    Field("confidence", Shape.CHOICE, ("muc do tin cay", "confidencelevel", "confidence level"), 2, CONFIDENCE),
    Field("autograph", Shape.TEXT, ("but tich", "autograph"), 2000),
    Field("condition", Shape.CHOICE, ("tinh trang vat ly", "tinh trang", "tinh trang tai lieu", "format"), 2,
          CONDITION),
    Field("risk", Shape.CHOICE, ("che do du phong", "riskrecovery", "risk recovery"), 2, RISK),
    Field("risk_status", Shape.CHOICE, ("tinh trang du phong", "riskrecoverystatus", "risk recovery status"), 2,
          RISK_STATUS),
    Field("process", Shape.TEXT, ("quy trinh xu ly", "quy trinh xu ly neu co", "process"), 500),
    Field("description", Shape.TEXT, ("mo ta", "chu giai", "description"), 500),
    Field("note", Shape.TEXT, ("ghi chu", "note", "notes", "remark", "remarks"), 500),
)  # fmt: skip  # a table of names reads better in rows than one name to a line
BY_KEY: Mapping[str, Field] = {each.key: each for each in ITEM_FIELDS}
# A subject, and something that tells one document from the next.
ITEMS = Vocabulary(
    ITEM_FIELDS,
    (frozenset({"subject"}), frozenset({"number", "code_number", "code_notation", "issued", "doc_code", "author"})),
)
