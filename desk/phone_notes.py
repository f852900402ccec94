"""What a phone sends after it was without network: notes for the log, and scans of a round, each taken once.

    notes   entries under the phone's own numbers; photos and texts beside them become their attachments
    scans   points of a round at the phone's time; scanning a point again changes nothing, so no number is needed

A PIN is never kept on a phone: a note is signed by the person whose session sends it, alone.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from archive import devices
from archive.settings import zone_of
from custody.entries_duty import IncidentOpened
from custody.errors import CustodyError
from custody.rules import Signer
from desk import phoning, round_scans, shifts
from desk.custodial import Where
from desk.enclosures import hold_text
from desk.office import Office
from desk.phoning import Accepted, Note
from desk.round_scans import Scan

# Kinds that a phone may note without network: what one person sees and signs alone.
KINDS = frozenset({"package-checked", "stocktake-counted", "incident-opened"})
MOST_NOTES, MOST_TEXT = 100, 20_000
PICTURE = "data:image/jpeg;base64,"


@dataclass(frozen=True)
class Scanned:
    """What became of one batch of scans; `refusal` is the code of why it was refused, with its facts."""

    id: int
    scans: tuple[Scan, ...] = ()
    refusal: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def register(office: Office, person: str, name: str) -> str:
    """Return the code of a new phone of a person."""
    with office.database.atomic() as session:
        return devices.register(session, person, name, office.clock.now()).code


def accept_notes(office: Office, device: str, signer: Signer, told: Sequence[Mapping[str, Any]]) -> list[Accepted]:
    """Take notes of a person's own phone (desk/phoning.py).

    Raises DeviceError, and CustodyError "notes-malformed" where nothing was taken; the phone keeps its notes then.
    """
    with office.database.reading() as session:
        devices.find(session, device, signer.code)
    if len(told) > MOST_NOTES:
        raise CustodyError("notes-malformed", detail=f"{len(told)} > {MOST_NOTES}")
    duty = shifts.where_is(office, signer.code)
    notes = [_note(office, each, signer) for each in told]
    return phoning.accept(office, device, duty.post if duty else "", notes)


def _note(office: Office, told: Mapping[str, Any], signer: Signer) -> Note:
    try:
        facts, number = dict(told["facts"]), int(told["number"])
        texts = [str(each)[:MOST_TEXT] for each in told.get("texts", ()) if str(each).strip()]
        photos = [_picture(each) for each in told.get("photos", ())]
        at = _moment(office, told["at"])
    except (KeyError, TypeError, ValueError, OverflowError) as broken:
        raise CustodyError("notes-malformed", detail=type(broken).__name__) from broken
    if facts.get("kind") not in KINDS:
        raise CustodyError("notes-malformed", detail=str(facts.get("kind"))[:40])
    if facts["kind"] == IncidentOpened.KIND:
        # A phone reports what it sees now, never a time in which its post was unguarded.
        facts |= {"start": "", "end": ""}
    if texts or photos:
        held = [*(office.vault.hold(io.BytesIO(each)) for each in photos), *(hold_text(office, each) for each in texts)]
        # Kept before the entry that names them; the same bytes again are the same file.
        for each in held:
            office.vault.keep(each)
        facts["attachments"] = list(dict.fromkeys(each.sha256 for each in held))
    return Note(number, at, json.dumps(facts, ensure_ascii=False, sort_keys=True).encode(), (signer,))


def scan_rounds(office: Office, device: str, signer: Signer, told: Sequence[Mapping[str, Any]]) -> list[Scanned]:
    """Take scans of rounds at the phone's time; what is refused is told with its reason, and the others are taken."""
    with office.database.reading() as session:
        devices.find(session, device, signer.code)
    return [_scanned(office, device, signer, each) for each in told[:MOST_NOTES]]


def _scanned(office: Office, device: str, signer: Signer, told: Mapping[str, Any]) -> Scanned:
    try:
        number, code, codes = int(told["id"]), str(told["round"]), [str(each) for each in told["codes"]]
        photos = [_picture(each) for each in told.get("photos", ())]
        at = _moment(office, told["at"])
    except (KeyError, TypeError, ValueError, OverflowError) as broken:
        raise CustodyError("notes-malformed", detail=type(broken).__name__) from broken
    duty = shifts.where_is(office, signer.code)
    # Entries that a scan makes have a count of their own beside the phone's: the phone cannot know how many they are.
    beside = f"{device}-R"
    where = Where("phone", duty.post if duty else "", beside, phoning.due(office, beside), at)
    finding = str(told.get("finding") or "intact")
    with TemporaryDirectory(prefix="luutru-photo-") as folder:
        paths = [Path(folder) / f"{nth}.jpg" for nth in range(len(photos))]
        for path, photo in zip(paths, photos, strict=True):
            path.write_bytes(photo)
        try:
            scans = round_scans.scan(office, codes, [signer], code=code, finding=finding, photos=paths, where=where)
        except CustodyError as refused:
            return Scanned(number, refusal=refused.code, facts=dict(refused.facts))
    return Scanned(number, tuple(scans))


def _picture(told: object) -> bytes:
    text = str(told)
    if not text.startswith(PICTURE):
        raise CustodyError("notes-malformed", detail="photo")
    try:
        return base64.b64decode(text.removeprefix(PICTURE), validate=True)
    except binascii.Error as broken:
        raise CustodyError("notes-malformed", detail="photo") from broken


def _moment(office: Office, told: object) -> datetime:
    """Return the phone's time in the zone of the office."""
    return datetime.fromisoformat(str(told)).astimezone(zone_of(office.settings)).replace(microsecond=0)
