"""The table of faults: each with its name, the code of the alarm it must raise, and how soon.

A part adds its own faults with one line each: how it is put in is a function of the world that returns what the alarm
is about and how it is mended. `night` ones want the office to themselves; `group` names those that must not overlap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.simulator import faults_guard, faults_log, faults_paper, faults_rounds, faults_station, faults_store
from tests.simulator.world import DAY, HOUR, MINUTE, Expected, Injected, World

AT_ONCE, WITHIN_AN_HOUR, OVERNIGHT = 2 * MINUTE, HOUR + 2 * MINUTE, DAY + HOUR


@dataclass(frozen=True)
class Fault:
    """One kind of fault."""

    name: str
    code: str
    within: timedelta
    put_in: Callable[[World], Injected]
    night: bool = False
    group: str = ""


# Until the next hand-over; until somebody looks at every box.
BY_HAND_OVER, BY_LOOKING = 8 * HOUR + 10 * MINUTE, 8 * DAY

_PAPER, _LOG, _STATION = faults_paper, faults_log, faults_station
_GUARD, _ROUND, _STORE = faults_guard, faults_rounds, faults_store
FAULTS: tuple[Fault, ...] = (
    Fault("a seal is found broken", "package-suspect", AT_ONCE, _PAPER.break_seal),
    Fault("a box is reported suspect", "package-suspect", AT_ONCE, _PAPER.suspect),
    Fault("a box is missing", "package-missing", AT_ONCE, _PAPER.lose_box),
    Fault("a transport does not arrive", "transit-overdue", AT_ONCE, _PAPER.delay_transport),
    Fault("a transport is late while all is off", "transit-overdue", AT_ONCE, _PAPER.sleep_over_transport, night=True),
    Fault("an opened box is not sealed again", "reseal-overdue", AT_ONCE, _PAPER.leave_open),
    Fault("a loan is not returned", "return-overdue", AT_ONCE, _PAPER.keep_loan),
    Fault("a dossier stays at the scanner", "station-overdue", AT_ONCE, _PAPER.keep_at_station),
    Fault("a dossier is missing", "dossier-missing", AT_ONCE, _PAPER.lose_dossier),
    Fault("a box is seen elsewhere", "box-at-two-places", AT_ONCE, _PAPER.see_elsewhere),
    Fault("a forged label is shown", "unknown-code-shown", AT_ONCE, _PAPER.show_forged),
    Fault("a seal number is tried again", "seal-number-again", AT_ONCE, _PAPER.use_seal_again),
    Fault("a phone loses entries", "device-entries-lost", AT_ONCE, _LOG.lose_entries),
    Fault("a phone falls silent", "device-silent", AT_ONCE, _LOG.fall_silent),
    Fault("a phone's clock is wrong", "device-clock-skew", AT_ONCE, _LOG.skew_contact),
    Fault("a phone's entry is from the future", "device-clock-skew", AT_ONCE, _LOG.skew_entry),
    Fault("the machine's clock is set back", "clock-set-back", AT_ONCE, _LOG.set_clock_back, night=True),
    Fault("a new entry is changed", "ledger-finding", WITHIN_AN_HOUR, _LOG.change_new_entry),
    Fault("an old entry is changed", "ledger-finding", OVERNIGHT, _LOG.change_old_entry),
    Fault("a trigger is taken away", "ledger-finding", WITHIN_AN_HOUR, _LOG.drop_trigger),
    Fault("the state is changed", "ledger-finding", OVERNIGHT, _LOG.change_state),
    Fault("the log is cut short", "ledger-finding", WITHIN_AN_HOUR, _LOG.cut_log, night=True),
    Fault("a hash of the tree is changed", "ledger-finding", OVERNIGHT, _LOG.change_tree),
    Fault("a signed head is spoiled", "ledger-finding", WITHIN_AN_HOUR, _LOG.spoil_head, night=True),
    Fault("the second place is unplugged", "second-place-unreachable", AT_ONCE, _LOG.unplug, night=True),
    Fault("a scan's bytes are changed", "fixity-finding", 3 * DAY + HOUR, _STATION.change_scan, group="fixity"),
    Fault("a scan's bytes are gone", "fixity-finding", 3 * DAY + HOUR, _STATION.lose_scan, group="fixity"),
    Fault("nobody re-reads the scans", "fixity-late", WITHIN_AN_HOUR, _STATION.stop_rereading, group="fixity"),
    Fault("the disk fills up", "disk-filling", AT_ONCE, _STATION.fill_disk),
    Fault("the disk is full", "disk-filling", AT_ONCE, _STATION.fill_disk_wholly),
    Fault("a file is stuck in the inbox", "inbox-waiting", AT_ONCE, _STATION.stick_in_inbox),
    Fault("the watcher hangs", "part-not-alive", AT_ONCE, _STATION.hang_watcher, group="watcher"),
    Fault("a reader is dead", "part-not-alive", AT_ONCE, _STATION.kill_reader, group="reader"),
    Fault("a reader restarts again and again", "part-restarting", AT_ONCE, _STATION.restart_reader),
    Fault("backups are forgotten", "backup-too-old", AT_ONCE, _STATION.forget_backups),
    Fault("messages cannot be sent", "channel-failing", 6 * MINUTE, _STATION.break_channel),
    Fault("a part of the guarding is broken", "watch-failed", AT_ONCE, _STATION.break_watch),
    Fault("a guard leaves early", "post-uncovered-now", AT_ONCE, _GUARD.leave_post, group="gate"),
    Fault("a guard leaves with a box", "left-without-relief", AT_ONCE, _GUARD.leave_with_box, group="gate"),
    Fault("a guard does not come", "guard-absent", AT_ONCE, _GUARD.do_not_come, group="gate"),
    Fault("a hand-over stays open", "relief-open-long", AT_ONCE, _GUARD.leave_relief_open, group="gate"),
    Fault("the plan has a hole", "cover-missing-ahead", AT_ONCE, _GUARD.plan_a_hole, group="gate"),
    Fault("a guard is on duty too long", "duty-too-long", AT_ONCE, _GUARD.stay_too_long, group="gate"),
    Fault("a hand-over counts one too few", "package-missing", BY_HAND_OVER, _GUARD.take_box_away, group="away"),
    Fault("hand-overs lie about a box", "package-missing", BY_LOOKING, _GUARD.lie_about_box, group="lie"),
    Fault(
        "a box is elsewhere at a hand-over", "box-at-two-places", BY_HAND_OVER, _GUARD.count_elsewhere, group="astray"
    ),
    Fault("a round is late", "round-late", AT_ONCE, _ROUND.walk_late),
    Fault("a round is missed", "round-missed", AT_ONCE, _ROUND.miss, group="miss"),
    Fault("a round falls due while all is off", "round-missed", AT_ONCE, _ROUND.sleep_over_round, night=True),
    Fault("a round does not end", "round-overdue", AT_ONCE, _ROUND.do_not_end),
    Fault("a round leaves a point out", "round-incomplete", AT_ONCE, _ROUND.leave_point_out),
    Fault("a box is missing at a round", "package-missing", AT_ONCE, _ROUND.miss_box_on_round, group="round"),
    Fault("a seal is broken at a round", "package-suspect", AT_ONCE, _ROUND.break_seal_on_round, group="seal"),
    Fault("a box is elsewhere at a round", "box-at-two-places", AT_ONCE, _ROUND.see_elsewhere_on_round, group="seen"),
    Fault("a forged label at a round", "unknown-code-shown", AT_ONCE, _ROUND.show_forged_on_round, group="forged"),
    Fault("a result of a round is changed", "ledger-finding", OVERNIGHT, _ROUND.change_result),
    Fault("a seed of the rounds is changed", "ledger-finding", OVERNIGHT, _ROUND.change_seed),
    Fault("a box is elsewhere in a stocktake", "box-at-two-places", AT_ONCE, _STORE.see_elsewhere_in_stocktake),
    Fault("a forged label in a stocktake", "unknown-code-shown", AT_ONCE, _STORE.show_forged_in_stocktake, group="f1"),
    Fault("a forged label at the counter", "unknown-code-shown", AT_ONCE, _STORE.look_up_forged, group="f2"),
    Fault("a stocktake is forgotten", "stocktake-open-long", AT_ONCE, _STORE.forget_stocktake, group="taken"),
    Fault("a stocktake is not settled", "stocktake-open-long", AT_ONCE, _STORE.leave_unsettled, group="unsettled"),
    Fault("an incident is not answered", "incident-unanswered", AT_ONCE, _STORE.leave_unanswered),
    Fault("a visitor stays inside", "visitor-inside-long", AT_ONCE, _STORE.stay_inside),
    Fault("a key does not come back", "key-overdue", AT_ONCE, _STORE.keep_key),
    Fault("a phone's note overtakes another", "device-silent", AT_ONCE, _STORE.overtake, group="overtake"),
)


class Saboteur:
    """Puts the faults in, in an order drawn from the world's chance, each as soon as it can be told from the others."""

    def __init__(self, world: World, until: datetime, times: int) -> None:
        self.world, self.queue = world, list[Fault]()
        for _ in range(times):
            chosen = list(FAULTS)
            world.chance.shuffle(chosen)
            # What takes days comes first, so that the shortest history holds all of them.
            self.queue += sorted(chosen, key=lambda each: each.code not in {"backup-too-old"} and not each.group)
        moment = world.now + 3 * HOUR
        while moment < until - 9 * DAY:
            hours = moment.hour + moment.minute / 60
            night = 22.6 < hours < 23.5
            if night or hours < 20:
                world.at(moment, lambda night=night: self.put_in(night))  # type: ignore[misc]
            moment += world.some(20 * MINUTE, 3 * HOUR)
        day = world.now.replace(hour=22, minute=50)
        while day < until - 9 * DAY:
            world.at(day, lambda: self.put_in(True))
            day += DAY

    def put_in(self, night: bool) -> None:
        """Put in the first fault of the queue that fits this hour."""
        world = self.world
        going_on = [each for each in world.expected if each.mended_at is None]
        alone = any(each.code in _ALONE and each.mended_at is None for each in world.expected)
        if alone or world.asleep_until is not None or world.clock.offset or world.refuses_messages:
            return
        for fault in self.queue:
            group = fault.group or fault.code
            quiet = world.away == 0 and all(_can_wait(each, world.now) for each in going_on)
            if fault.night != night or not world.is_free(group) or (fault.night and not quiet):
                continue
            self.queue.remove(fault)
            made = fault.put_in(world)
            if fault.put_in is not faults_rounds.sleep_over_round:
                world.expect(fault.name, fault.code, fault.within, made, group, quick=fault.night)
            return


_ALONE = {each.code for each in FAULTS if each.night} - {"ledger-finding", "transit-overdue", "round-missed"}


def _can_wait(each: Expected, now: datetime) -> bool:
    """Tell whether nothing of a fault happens before the morning."""
    if each.detected_at is not None:
        return False
    return each.counts_from > now + 8 * HOUR or each.counts_from + each.within > now + 30 * HOUR
