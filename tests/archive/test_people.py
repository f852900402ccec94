"""People and PINs: what is refused, what is stored, and that guessing does not pay."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from archive import people
from archive.database import Database
from archive.people import PersonError, Role, SignInError
from archive.people_tables import PersonRow, SignInRow
from archive.refs import is_code

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def add(session: Session, code: str = "NV012", pin: str | None = "7294", roles: tuple[str, ...] = ("clerk",)) -> None:
    """Add one person."""
    people.add(session, code=code, name="Nguyễn Thị  Hoa", unit="Văn phòng", roles=roles, pin=pin, now=NOW)


def test_a_person_signs_in_by_code_in_any_case_and_is_known_with_roles_and_unit(database: Database) -> None:
    """What comes back is the person as the office wrote them down, with a badge code that checks."""
    with database.atomic() as session:
        add(session, roles=("guard", "clerk"))
    person = people.authenticate(database, " nv012 ", "7294", NOW)
    assert (person.code, person.name, person.unit) == ("NV012", "Nguyễn Thị Hoa", "Văn phòng")
    assert person.roles == {Role.GUARD, Role.CLERK}
    assert is_code(person.badge)
    with database.reading() as session:
        assert people.find(session, person.badge) == person


def test_a_pin_is_kept_only_as_argon2id_of_the_agreed_cost(database: Database) -> None:
    """The stored text names algorithm, memory, passes and lanes, and holds no PIN."""
    with database.atomic() as session:
        add(session, pin="72941")
    with database.reading() as session:
        stored = session.exec(select(PersonRow.pin_hash)).one()
    assert stored is not None
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "72941" not in stored


@pytest.mark.parametrize("pin", ["1111", "1234", "4321", "8901", "1212", "123123", "1987", "2024", "2580", "17062025"])
def test_a_pin_that_anybody_would_try_first_is_refused(database: Database, pin: str) -> None:
    """Runs, repeats, years, dates and patterns of the key pad are refused, and nobody is added."""
    with pytest.raises(PersonError, match="pin-weak"), database.atomic() as session:
        add(session, pin=pin)
    with database.reading() as session:
        assert people.everyone(session) == []


@pytest.mark.parametrize(("code", "pin"), [("NV4711", "4711"), ("NV072", "0720"), ("NV83517", "3517")])
def test_a_pin_may_not_be_ones_own_code(code: str, pin: str) -> None:
    """The number on the badge is no secret."""
    assert people.is_weak(pin, code)
    assert not people.is_weak("7294", code)


@pytest.mark.parametrize("pin", ["", "123", "729415283", "72 94", "72a4", "７２９４"])
def test_a_pin_is_four_to_eight_digits(pin: str) -> None:
    """Anything else is refused before it is hashed."""
    with pytest.raises(PersonError, match="pin-unusable"):
        people.hash_pin(pin, "NV012")


@given(st.from_regex(r"[0-9]{4,8}", fullmatch=True))
def test_whether_a_pin_is_weak_can_be_told_of_every_pin(pin: str) -> None:
    """No PIN makes the judgement fail, and one of a single digit repeated is always weak."""
    assert people.is_weak(pin) or len(set(pin)) > 1


def test_wrong_pin_unknown_code_and_retired_person_are_refused_alike(database: Database) -> None:
    """A guesser learns nothing about which codes exist."""
    with database.atomic() as session:
        add(session)
        add(session, code="NV013", pin="8305")
        people.retire(session, "NV013", NOW)
        add(session, code="NV014", pin=None)
    for code, pin in (("NV012", "7295"), ("NV999", "7294"), ("NV013", "8305"), ("NV014", ""), ("%' --", "7294")):
        with pytest.raises(SignInError, match="sign-in-refused"):
            people.authenticate(database, code, pin, NOW)


def test_an_unknown_code_costs_the_same_hashing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exactly one Argon2 check of the same cost is made for a known, an unknown and an unusable code."""
    with database.atomic() as session:
        add(session)
    checked: list[str] = []
    real = people._PINS

    class Watching:
        def verify(self, stored: str, pin: str) -> bool:
            checked.append(stored.rpartition("$")[0].rpartition("$")[0])
            return real.verify(stored, pin)

    monkeypatch.setattr(people, "_PINS", Watching())
    for code in ("NV012", "NV999", "not a code at all!"):
        with pytest.raises(SignInError):
            people.authenticate(database, code, "0000", NOW)
    assert checked == ["$argon2id$v=19$m=19456,t=2,p=1"] * 3


@pytest.mark.parametrize("code", ["NV012", "NV999"])
def test_wrong_pins_make_a_code_unheard_for_a_time_that_doubles(database: Database, code: str) -> None:
    """Known and unknown codes alike; while it waits even the right PIN is not looked at, and the wait has an end."""
    with database.atomic() as session:
        add(session)
    now = NOW
    for _ in range(people.FREE_FAILURES + 1):
        with pytest.raises(SignInError, match="sign-in-refused"):
            people.authenticate(database, code, "0000", now)
    with pytest.raises(SignInError, match="sign-in-waits") as caught:
        people.authenticate(database, code, "7294", now + timedelta(seconds=10))
    assert caught.value.facts["seconds"] == 20
    now += people.FIRST_WAIT
    with pytest.raises(SignInError, match="sign-in-refused"):
        people.authenticate(database, code, "0000", now)
    with pytest.raises(SignInError, match="sign-in-waits") as caught:
        people.authenticate(database, code, "7294", now)
    assert caught.value.facts["seconds"] == 60


def test_the_right_pin_after_the_wait_forgets_the_wrong_ones(database: Database) -> None:
    """A clerk who mistyped starts the next day with a clean count."""
    with database.atomic() as session:
        add(session)
    for _ in range(people.FREE_FAILURES + 1):
        with pytest.raises(SignInError):
            people.authenticate(database, "NV012", "0000", NOW)
    assert people.authenticate(database, "NV012", "7294", NOW + people.FIRST_WAIT).code == "NV012"
    with database.reading() as session:
        assert session.exec(select(SignInRow)).all() == []


def test_the_wait_grows_to_an_hour_and_no_further() -> None:
    """A day allows some two dozen guesses of ten thousand."""
    waits = [people.wait_after(count) for count in range(200)]
    assert waits == sorted(waits)
    assert waits[people.FREE_FAILURES] == timedelta()
    assert waits[-1] == people.LONGEST_WAIT


def test_guesses_at_one_moment_are_all_counted(database: Database) -> None:
    """Twelve threads at once get no more looks at the PIN than one after another."""
    with database.atomic() as session:
        add(session)
    outcomes: list[str] = []

    def guess() -> None:
        try:
            people.authenticate(database, "NV012", "0000", NOW)
        except SignInError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("sign-in-refused") == people.FREE_FAILURES + 1
    assert outcomes.count("sign-in-waits") == 12 - people.FREE_FAILURES - 1


def test_codes_of_nobody_are_forgotten_after_a_day(database: Database) -> None:
    """A guesser cannot fill the table for ever."""
    for number in range(3):
        with pytest.raises(SignInError):
            people.authenticate(database, f"X{number}", "0000", NOW)
    with pytest.raises(SignInError):
        people.authenticate(database, "X9", "0000", NOW + timedelta(days=1, seconds=1))
    with database.reading() as session:
        assert [row.code for row in session.exec(select(SignInRow))] == ["X9"]


def test_people_who_cannot_be_written_down_are_refused_with_the_reason(database: Database) -> None:
    """A code twice, an unknown role, no name or no role: each has its code."""
    with database.atomic() as session:
        add(session)
        with pytest.raises(PersonError, match="person-exists"):
            add(session, code="nv012")
        with pytest.raises(PersonError, match="role-unknown"):
            add(session, code="NV013", roles=("boss",))
        with pytest.raises(PersonError, match="person-incomplete"):
            add(session, code="NV013", roles=())
        with pytest.raises(PersonError, match="person-code-unusable"):
            add(session, code="NV 013")
        with pytest.raises(PersonError, match="person-unknown"):
            people.set_pin(session, "NV999", "7294")


def test_a_new_pin_replaces_the_old_one_and_ends_the_wait(database: Database) -> None:
    """The one who looks after the people can let somebody in again."""
    with database.atomic() as session:
        add(session)
    for _ in range(people.FREE_FAILURES + 1):
        with pytest.raises(SignInError):
            people.authenticate(database, "NV012", "0000", NOW)
    with database.atomic() as session:
        people.set_pin(session, "NV012", "60381")
    assert people.authenticate(database, "NV012", "60381", NOW).has_pin
    with pytest.raises(SignInError):
        people.authenticate(database, "NV012", "7294", NOW)
