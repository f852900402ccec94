"""Entries go to canonical bytes and back, and nothing that is not on the list is read."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_type_hints
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody.canonical import decode, encode
from custody.entries import KINDS, STAMP, Entry, Stamp, body_of, read_body, read_closely, read_ordinary
from custody.entries_package import PackageVoided
from custody.errors import CustodyError

TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), max_size=12).map(
    lambda text: normalize("NFC", text)
)
OFFSETS = st.sampled_from([timezone(timedelta(hours=7)), UTC])
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=OFFSETS).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
KIND_NAMES = """
log-opened log-checkpointed log-clock-warning log-corrected log-holdings-digest log-key-rotated
log-loss-accepted log-verified
dossiers-registered dossier-amended dossier-moved dossier-lent dossier-returned dossier-found dossier-missing hold-set
hold-lifted package-drafted package-packed package-sealed package-relabelled package-placed package-checked
package-dispatched package-received package-refused package-opened package-resealed package-emptied package-suspected
package-cleared package-missed package-found package-lost package-handed-out package-voided roll-issued seal-spoiled
shift-planned shift-started relief-count handed-over shift-left round-planned round-plan-stopped round-started
point-scanned round-ended round-missed
visitor-in visitor-out key-taken key-returned incident-opened incident-closed paper-entry stocktake-opened
stocktake-counted stocktake-closed scans-filed scans-unfiled scans-reviewed
"""
STAMPED = Stamp(datetime(2026, 1, 5, 8, tzinfo=timezone(timedelta(hours=7))), ("LAN",), "counter")
VOIDED = PackageVoided("7K3M9QXZ2", "mistyped")


@st.composite
def stamps(draw: st.DrawFn) -> Stamp:
    """Draw a stamp, of a desk or of a phone."""
    by = tuple(draw(st.lists(TEXT.filter(bool), min_size=1, max_size=3)))
    desk, post = draw(TEXT), draw(TEXT)
    if not (desk or post):
        desk = "counter"
    if draw(st.booleans()):
        return Stamp(draw(MOMENTS), by, desk, post)
    return Stamp(draw(MOMENTS), by, desk, post, "phone", draw(st.integers(0, 2**53 - 1)), draw(MOMENTS))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Draw an entry of any kind with any facts of the right types."""
    kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    hints = get_type_hints(kind)
    made: Any = kind(**{each.name: draw(_of(hints[each.name])) for each in fields(kind)})
    return made


def _of(wanted: Any) -> st.SearchStrategy[Any]:
    if wanted is str:
        return TEXT
    if wanted is int:
        return st.integers(-(2**53) + 1, 2**53 - 1)
    if wanted is bool:
        return st.booleans()
    inner = wanted.__args__
    if inner[-1] is Ellipsis:
        return st.lists(_of(inner[0]), max_size=3).map(tuple)
    return st.tuples(*(_of(each) for each in inner))


def test_the_list_of_kinds_is_closed() -> None:
    """Exactly the kinds of the format stand on the list, and none has a fact named like a member of its stamp."""
    assert sorted(KINDS) == sorted(KIND_NAMES.split())
    for kind in KINDS.values():
        assert not {each.name for each in fields(kind)} & {"v", "kind", *STAMP}


@given(entries(), stamps())
def test_every_entry_comes_back_from_its_bytes(entry: Entry, stamp: Stamp) -> None:
    """Facts and stamp survive, and the same facts have the same bytes."""
    body = body_of(entry, stamp)
    assert read_body(body) == (entry, stamp)
    assert body_of(*read_body(body)) == body
    assert decode(body)["kind"] == entry.KIND


def test_the_bytes_of_an_entry_are_these() -> None:
    """One entry, byte for byte, so that the format cannot drift."""
    assert body_of(VOIDED, STAMPED) == (
        b'{"at":"2026-01-05T08:00:00+07:00","attachments":[],"by":["LAN"],"desk":"counter",'
        b'"kind":"package-voided","package":"7K3M9QXZ2","reason":"mistyped","v":1}'
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kind": "package-burnt"}, "kind-unknown"),
        ({"kind": 7}, "kind-unknown"),
        ({"v": 2}, "version-unknown"),
        ({"colour": "red"}, "member-unknown"),
        ({"package": None}, "type"),
        ({"package": 5}, "type"),
        ({"reason": ["a"]}, "type"),
        ({"by": []}, "stamp"),
        ({"by": "LAN"}, "type"),
        ({"desk": ""}, "type"),
        ({"device": "phone"}, "member-absent"),
        ({"device_seq": 1}, "stamp"),
    ],
)
def test_an_entry_off_the_list_is_not_read(change: dict[str, object], why: str) -> None:
    """Unknown kinds, members, types and half a stamp are refused with the member that is wrong."""
    told = {**decode(body_of(VOIDED, STAMPED)), **change}
    with pytest.raises(CustodyError, match="entry-malformed") as caught:
        read_body(encode(told))
    assert caught.value.facts["why"] == why


@pytest.mark.parametrize("member", ["v", "kind", "at", "by", "package", "reason"])
def test_an_entry_that_lacks_a_member_is_not_read(member: str) -> None:
    """No member of a body has a default."""
    told = decode(body_of(VOIDED, STAMPED))
    del told[member]
    with pytest.raises(CustodyError, match="entry-malformed"):
        read_body(encode(told))


def test_a_moment_without_its_zone_is_refused() -> None:
    """Neither written nor read: an hour without an offset could be any hour."""
    naive = Stamp(datetime(2026, 1, 5, 8), ("LAN",), "counter")  # noqa: DTZ001
    with pytest.raises(CustodyError, match="time-without-zone"):
        body_of(VOIDED, naive)
    told = {**decode(body_of(VOIDED, STAMPED)), "at": "2026-01-05T08:00:00"}
    with pytest.raises(CustodyError, match="moment-unreadable"):
        read_body(encode(told))


@given(entries(), stamps())
def test_the_quick_reader_reads_what_is_written(entry: Entry, stamp: Stamp) -> None:
    """Every kind comes back by the quick way as by the close one, unless a text is escaped."""
    body = body_of(entry, stamp)
    assert read_closely(body) == (entry, stamp)
    quick = read_ordinary(body)
    assert quick == ((entry, stamp) if b"\\" not in body else None)
    assert quick is None or (quick[1].moment, vars(quick[0])) == (stamp.moment, vars(entry))


def verdict(body: bytes) -> object:
    """Return what the close look says of a body: what it stands for, or None where it is refused."""
    try:
        return read_closely(body)
    except CustodyError:
        return None


BITS = [
    "\\u0041",
    "\\u007f",
    "\x7f",
    "e\u0301",
    "\u2028",
    '"',
    "\\",
    ",",
    " ",
    "0",
    "-0",
    "1.0",
    "1e3",
    "null",
    "true",
    "Z",
]
BITS += [
    "-00:00",
    "+24:00",
    "+07:75",
    "+23:59",
    ".5",
    "t",
    "\\/",
    "\\b",
    "\u00e9",
    "{}",
    "[]",
    "9007199254740992",
    '"v":1,',
    '""',
]


@given(entries(), stamps(), st.data())
def test_the_quick_reader_takes_nothing_that_the_close_one_refuses(
    entry: Entry, stamp: Stamp, data: st.DataObject
) -> None:
    """Whatever is done to bytes, the quick way says the same as the close one or leaves it to that."""
    body = body_of(entry, stamp)
    for _ in range(data.draw(st.integers(1, 3))):
        low = data.draw(st.integers(0, len(body)))
        high = data.draw(st.integers(low, min(len(body), low + 8)))
        body = (
            body[:low]
            + data.draw(st.sampled_from(BITS) | st.text(max_size=3)).encode("utf-8", "surrogatepass")
            + body[high:]
        )
    assert read_ordinary(body) in (None, verdict(body))


@pytest.mark.parametrize("bit", BITS)
@pytest.mark.parametrize("where", ["7K3M9QXZ2", "+07:00", '"counter"', "[]", "2026", "T08", '"v":1', "1}"])
def test_each_hard_bit_in_each_place_has_one_verdict(bit: str, where: str) -> None:
    """Escapes, letters in two parts, numbers in other clothes and strange hours, put where each could pass."""
    body = body_of(VOIDED, STAMPED).replace(where.encode(), bit.encode())
    assert read_ordinary(body) in (None, verdict(body))
