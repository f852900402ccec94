"""The words for what a list of dossiers says: its fields, and how its text was written."""

from __future__ import annotations

from desk.cli.spoken import mark

FIELD_WORDS = {
    "ordinal": mark("ordinal, not used"), "number": mark("number and symbol"), "file_code": mark("dossier code"),
    "title": mark("title"), "retention": mark("retention"), "period": mark("period of the documents"),
    "start": mark("first day"), "end": mark("last day"), "leaves": mark("leaves"), "pages": mark("pages"),
    "documents": mark("documents"), "maker": mark("maker"), "box": mark("box"), "catalogue": mark("list number"),
    "mode": mark("access"), "language": mark("language"), "keyword": mark("keywords"),
    "information_sign": mark("information symbol"), "condition": mark("condition"), "confidence": mark("reliability"),
    "paper_code": mark("code of the paper dossier"), "risk": mark("security copy"),
    "risk_status": mark("state of the security copy"), "description": mark("description"), "note": mark("note"),
}  # fmt: skip  # a table of words
ENCODINGS = {
    "workbook": mark("workbook"), "utf-8": "UTF-8", "utf-16": "UTF-16", "windows-1258": "Windows-1258",
    "windows-1252": "Windows-1252", "tcvn3": "TCVN3 (ABC)", "vni": "VNI",
    "utf-8-as-windows-1252": mark("UTF-8 that was read as Windows-1252"),
}  # fmt: skip  # a table of words
