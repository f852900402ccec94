"""Dossiers written straight into the register, for tests of what belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from archive.catalogue_tables import DossierRow, FondsRow, RegisterImportRow
from archive.dossier_names import fold_code
from archive.refs import new_code

AT = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def register(session: Session, codes: Sequence[str], fonds: str = "HS", leaves: int = 10) -> dict[str, str]:
    """Register dossiers that are not yet; returns code → the code on their label."""
    if session.get(FondsRow, fonds) is None:
        session.add(FondsRow(code=fonds, name="Phông", added_at=AT))
        session.flush()
        session.add(RegisterImportRow(id=fonds, fonds=fonds, name="list.csv", sha256="0" * 64, at=AT))
        session.flush()
    known = set(session.execute(select(col(DossierRow.code)).where(col(DossierRow.code).in_(codes))).scalars())
    for code in codes:
        if code not in known:
            row = DossierRow(code=code, folded=fold_code(code), label=new_code(), fonds=fonds, number=code, title=code)
            row.leaves, row.digest, row.import_id, row.registered_at = leaves, "0" * 64, fonds, AT
            session.add(row)
    session.flush()
    rows = session.execute(select(col(DossierRow.code), col(DossierRow.label)).where(col(DossierRow.code).in_(codes)))
    return {code: label for code, label in rows}  # noqa: C416  # dict() of rows has no type
