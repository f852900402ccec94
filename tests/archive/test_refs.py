"""Codes: every slip of a hand or an eye is noticed, and what is printed is read back whatever the way it was typed."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.refs import (
    ALPHABET,
    LENGTH,
    Kind,
    Ref,
    check_character,
    is_code,
    new_code,
    new_public_id,
    payload,
    read_code,
    read_ref,
    show_code,
)

# Another program on the machine may hold one example up.
calm = settings(deadline=None)
bodies = st.text(st.sampled_from(ALPHABET), min_size=8, max_size=8)
codes = bodies.map(lambda body: body + check_character(body))
kinds = st.sampled_from(list(Kind))
hosts = st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?(:[0-9]{1,5})?", fullmatch=True)


@calm
@given(codes, st.data())
def test_one_wrong_character_is_noticed(code: str, data: st.DataObject) -> None:
    """Wherever it stands and whatever stands there instead."""
    place = data.draw(st.integers(0, LENGTH - 1))
    other = data.draw(st.sampled_from([each for each in ALPHABET if each != code[place]]))
    wrong = code[:place] + other + code[place + 1 :]
    assert not is_code(wrong)
    assert read_code(wrong) is None


@calm
@given(codes, st.integers(0, LENGTH - 2), st.integers(1, 2))
def test_two_characters_swapped_are_noticed(code: str, place: int, apart: int) -> None:
    """Next to each other or one apart."""
    other = place + apart
    if other >= LENGTH or code[place] == code[other]:
        return
    letters = list(code)
    letters[place], letters[other] = letters[other], letters[place]
    assert not is_code("".join(letters))


@calm
@given(codes, st.data())
def test_a_doubled_character_read_as_another_pair_is_noticed(code: str, data: st.DataObject) -> None:
    """Twins: 44 typed for 55."""
    place = data.draw(st.integers(0, LENGTH - 2))
    one, other = data.draw(st.lists(st.sampled_from(ALPHABET), min_size=2, max_size=2, unique=True))
    twin = code[:place] + one * 2 + code[place + 2 :]
    if is_code(twin):
        assert not is_code(code[:place] + other * 2 + code[place + 2 :])


def test_the_step_of_the_check_permutes_and_never_swaps() -> None:
    """The two properties the check stands on, over all of the 32 letters and not by samples."""
    step = {(t, x): check_character(ALPHABET[t] + ALPHABET[x]) for t in range(32) for x in range(32)}
    for fixed in range(32):
        assert len({step[fixed, x] for x in range(32)}) == 32
        assert len({step[t, fixed] for t in range(32)}) == 32
    assert all(step[t, x] != step[x, t] for t in range(32) for x in range(t))


@calm
@given(codes, st.data())
def test_what_is_printed_is_read_however_it_is_typed(code: str, data: st.DataObject) -> None:
    """Small letters, spaces, dashes, dots, and the letters people take for digits."""
    typed = show_code(code)
    assert len(typed) == LENGTH + 2
    looks = {"1": "1IiLl", "0": "0Oo"}
    told = "".join(data.draw(st.sampled_from(looks.get(each, each + each.lower()))) for each in code)
    between = data.draw(
        st.lists(st.sampled_from(["", " ", "-", ".", " – ", "\u00a0"]), min_size=LENGTH, max_size=LENGTH)
    )
    mixed = "".join(letter + gap for letter, gap in zip(told, between, strict=True))
    assert read_code(typed) == read_code(mixed) == read_code(f"  {typed.lower()}\n") == code


@calm
@given(codes, kinds, hosts)
def test_a_payload_outlives_its_host(code: str, kind: Kind, host: str) -> None:
    """Any host, port, scheme and case means the same thing; the host is only for a phone."""
    text = payload(kind, code, host)
    assert text == text.upper()
    expected = Ref(kind, code)
    assert read_ref(text) == read_ref(text.lower()) == read_ref(f"https://elsewhere.example/{kind}/{code}/") == expected
    assert read_ref(f"{kind}/{code}") == expected
    assert read_ref(code) == read_ref(show_code(code)) == Ref(None, code)


@calm
@given(st.text(max_size=60))
def test_nothing_else_is_a_code(text: str) -> None:
    """Any text is read without failing, and what comes out is a code."""
    code = read_code(text)
    assert code is None or is_code(code)
    ref = read_ref(text)
    assert ref is None or is_code(ref.code)


@calm
@given(codes)
def test_a_code_with_a_wrong_check_or_kind_means_nothing(code: str) -> None:
    """A foreign link that ends like ours is not ours."""
    wrong = code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 1) % 32]
    assert read_ref(f"HTTP://HOST/B/{wrong}") is None
    assert read_ref(f"HTTP://HOST/X/{code}") is None
    assert read_ref(f"HTTP://HOST/B/{code}/EDIT") is None
    assert read_ref("") is None


@calm
@given(st.lists(st.integers(0, 31), min_size=8, max_size=8))
def test_a_code_is_what_was_drawn_and_its_check(drawn: list[int]) -> None:
    """The draw is the caller's to choose; the code is always one."""
    numbers = iter(drawn)
    code = new_code(lambda _most: next(numbers))
    assert code[:8] == "".join(ALPHABET[each] for each in drawn)
    assert is_code(code)


def test_a_pinned_code_stays_a_code() -> None:
    """Labels printed by this release must be read by every later one."""
    assert check_character("00000000") == "0"
    assert [check_character(each) for each in ("7K3M9QXZ", "ABCDEFGH", "12345678")] == list("5Z9")


def test_public_identifiers_are_in_order_of_time() -> None:
    """UUIDv7, lower case, each after the one before."""
    made = [new_public_id() for _ in range(100)]
    assert made == sorted(made)
    assert {UUID(each).version for each in made} == {7}
    assert all(each == each.lower() and len(each) == 36 for each in made)
