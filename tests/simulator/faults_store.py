"""Faults found by counting and at the gate: stocktakes, incidents, visitors, keys, codes that are looked up, phones."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from archive.refs import new_code
from custody.errors import CustodyError
from custody.incidents import ANSWER_WITHIN
from desk import custodial, duty_stock, gatekeeping, incidents, phoning, resolving, stocktaking
from desk.gatekeeping import Guest
from desk.phoning import Note
from tests.custody.office_day import BINH
from tests.simulator.guards import TOGETHER, sign
from tests.simulator.world import HOUR, Injected, World


def _count(world: World, place: str, codes: list[str]) -> None:
    """Count some codes at a place in a stocktake that is given up."""
    office = world.office
    taken = stocktaking.open_stocktake(office, [place], sign("TUAN"))
    stocktaking.count(office, taken.code, place, dict.fromkeys(codes, "intact"), sign("LAN"))
    stocktaking.close(office, taken.code, TOGETHER, abandon="chỉ kiểm vài kiện")


def look_again(world: World, code: str) -> None:
    """See a box where the record says it is."""
    _count(world, world.box(code).place, [code])
    world.boxes.append(code)


def see_elsewhere_in_stocktake(world: World) -> Injected:
    """A stocktake counts a box where it should not be."""
    code = world.take_box()
    _count(world, "K1/SAN", [code])
    return Injected(code, lambda: look_again(world, code))


def show_forged_in_stocktake(world: World) -> Injected:
    """A stocktake finds a label that was made elsewhere."""
    code = new_code(world.chance.randrange)
    _count(world, "K1/G5", [code])
    return Injected(code, lambda: None)


def look_up_forged(world: World) -> Injected:
    """Somebody shows a label at the counter that nobody gave."""
    code = new_code(world.chance.randrange)
    resolving.resolve(world.office, f"HTTPS://LUUTRU.EXAMPLE/B/{code}")
    return Injected(code, lambda: None)


def forget_stocktake(world: World) -> Injected:
    """A stocktake is opened and forgotten."""
    taken = stocktaking.open_stocktake(world.office, ["K1/SAN"], sign("TUAN"))

    def give_up() -> None:
        stocktaking.close(world.office, taken.code, TOGETHER, abandon="quên")

    return Injected(taken.code, give_up, world.now.replace(microsecond=0) + duty_stock.STOCKTAKE_WITHIN)


def leave_unsettled(world: World) -> Injected:
    """A stocktake finds what nobody settles: it cannot be closed, and stays open."""
    taken = stocktaking.open_stocktake(world.office, ["K1/SAN"], sign("TUAN"))
    stocktaking.count(world.office, taken.code, "K1/SAN", {"KHONG-MA": "intact"}, sign("LAN"))
    with pytest.raises(CustodyError, match="stocktake-unsettled"):
        stocktaking.close(world.office, taken.code, TOGETHER)

    def settle() -> None:
        made = incidents.report(world.office, "KHONG-MA", "low", sign("LAN"))
        incidents.conclude(world.office, made.number, "mistaken", sign("TUAN"))
        stocktaking.close(world.office, taken.code, TOGETHER)

    return Injected(taken.code, settle, world.now.replace(microsecond=0) + duty_stock.STOCKTAKE_WITHIN)


def leave_unanswered(world: World) -> Injected:
    """An incident waits for its answer for too long."""
    made = incidents.report(world.office, "K1", "high", sign("LAN"), text="Cửa kho không khóa")

    def answer() -> None:
        incidents.conclude(world.office, made.number, "explained", sign("CHU", "TUAN"))

    return Injected(made.number, answer, world.now.replace(microsecond=0) + ANSWER_WITHIN["high"])


def stay_inside(world: World) -> Injected:
    """A visitor does not leave."""
    made = gatekeeping.come_in(world.office, Guest("Khách ở lại"), "TUAN", "repair", "", sign("BV08"))

    def go() -> None:
        gatekeeping.leave(world.office, made.number, sign("BV08"))

    return Injected(made.number, go, world.now.replace(microsecond=0) + duty_stock.VISIT_WITHIN)


def keep_key(world: World) -> Injected:
    """A key does not come back."""
    due = (world.now + 2 * HOUR).replace(microsecond=0)
    gatekeeping.take_key(world.office, "CK2", "LAN", due.isoformat(), sign("LAN"))

    def bring() -> None:
        gatekeeping.return_key(world.office, "CK2", sign("BV08"))

    return Injected("CK2", bring, due)


def overtake(world: World) -> Injected:
    """A phone's second note arrives, its first does not, and then the phone is silent."""
    world.phones += 1
    phone, code = f"phone-{world.phones}", world.chance.choice(world.boxes)
    at = custodial.local_now(world.office)
    facts = {"kind": "package-checked", "package": code, "finding": "intact", "read": list(world.box(code).seals)}
    notes = [Note(number, at, json.dumps(facts | {"attachments": []}).encode(), (BINH,)) for number in (0, 1)]
    phoning.accept(world.office, phone, "P1", notes[1:])

    def arrive() -> None:
        answers = phoning.accept(world.office, phone, "P1", notes)
        assert [each.outcome for each in answers] == [phoning.Outcome.RECORDED] * 2, answers

    return Injected(phone, arrive, world.now + timedelta(minutes=world.office.settings.device_silent_minutes))
