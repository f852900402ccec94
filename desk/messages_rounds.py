"""What plans of rounds and rounds refuse, what of them is late, and what breaks I13."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

PLANS: Mapping[str, Message] = {
    "round-plan-code-unusable": Message(
        "{plan} cannot be the code of a plan of rounds.",
        "",
        "Use 1 to 24 capital letters without marks, digits, dots or underscores, for example NIGHT.",
    ),
    "round-plan-code-used": Message(
        "There was a plan {plan} already.",
        "A plan never changes, so that nobody can make a missed round disappear.",
        "Stop the old one and give the new one another code.",
    ),
    "round-plan-unknown": Message(
        "There is no plan {plan}.", "", "List them with: luutru round plan list", Exit.NOT_FOUND, 404
    ),
    "round-plan-stopped-already": Message("Plan {plan} is stopped already.", "", "Nothing to do."),
    "round-times-unusable": Message(
        "Times of rounds cannot be read: {value}",
        "",
        "Give --at 22:00, or --every MINUTES or --random TIMES with --within 18:00-06:00.",
    ),
    "round-target-unusable": Message(
        "What is to be looked at cannot be read: {value}",
        "",
        "Name at least one place, box, place full of boxes, or number of random boxes.",
    ),
    "round-days-unusable": Message(
        "Weekdays cannot be read: {days}", "", "Use mon tue wed thu fri sat sun, each once."
    ),
    "round-minutes-unusable": Message(
        "A round of {minutes} minutes, begun at most {grace} late and taking at least {least}, cannot be planned.",
        "",
        "Give 1 minute to 14 days for each, and a least time shorter than the round.",
    ),
    "round-plan-too-tight": Message(
        "So many rounds do not fit: {value}",
        "Each may take {minutes} minutes, they must not overlap, and a plan has at most 96 a day.",
        "Plan fewer rounds, shorter ones, or a longer window.",
    ),
    "round-sort-unknown": Message("There is no sort of plan called {value}.", "", "Use round or spot."),
    "round-post-absent": Message("Plan {plan} names no post.", "", "Name the post whose guards walk it: --post CODE"),
    "round-post-unknown": Message(
        "There is no post {post}.", "Known posts: {known}", "Add it with: luutru post add", Exit.NOT_FOUND, 404
    ),
    "round-point-unknown": Message(
        "{point} is no place that is known here, and no package stands there.",
        "",
        "List the places with: luutru place list",
        Exit.NOT_FOUND,
        404,
    ),
    "zone-unknown": Message("{zone} is no time zone.", "", "Name one like Asia/Ho_Chi_Minh, or an offset like +07:00."),
}
ROUNDS: Mapping[str, Message] = {
    "round-unknown": Message(
        "No plan has a round {round}.", "", "See what is due with: luutru round due", Exit.NOT_FOUND, 404
    ),
    "round-none-due": Message(
        "No round is due now.",
        "Rounds can be begun from the moment they fall due until their window closes; none is told in advance.",
        "See what is due with: luutru round due",
        Exit.NOT_FOUND,
        404,
    ),
    "round-several-due": Message(
        "Several rounds are meant by this: {rounds}", "", "Name one of them, with --round where a round is under way."
    ),
    "round-begun-already": Message(
        "Round {round} was begun, ended or recorded as missed before.", "", "Look at it with: luutru round show {round}"
    ),
    "round-not-due-yet": Message("Round {round} is not due yet.", "", "Begin it when it is due: luutru round due"),
    "round-window-over": Message(
        "Round {round} could be begun until {closed}.",
        "It is recorded as missed by the station; what is looked at now is another round.",
        "Tell the leader why it was missed.",
    ),
    "round-not-as-planned": Message(
        "Round {round} is not told as its plan and its draw give it.", "", "Begin it again with: luutru round start"
    ),
    "round-not-under-way": Message(
        "No such round is under way: {round}", "", "Begin one that is due with: luutru round start", Exit.NOT_FOUND, 404
    ),
    "round-does-not-add-up": Message(
        "Scanned and missed points of round {round} do not make all of its points.",
        "",
        "End it again with: luutru round end",
    ),
    "round-ends-incomplete": Message(
        "Points of round {round} that were not scanned: {count}",
        "A round that leaves points out needs a reason, which goes into the log.",
        "Scan them, or give the reason: luutru round end --reason REASON",
    ),
    "round-ends-late": Message(
        "Round {round} should have been over by {deadline}.",
        "A round that took too long needs a reason, which goes into the log.",
        "Give the reason: luutru round end --reason REASON",
    ),
    "round-ends-early": Message(
        "Round {round} is over sooner than its plan holds possible.",
        "So short a walk needs a reason, which goes into the log.",
        "Give the reason: luutru round end --reason REASON",
    ),
    "round-one-at-a-time": Message(
        "A finding or a photo is about one point; {count} were named.",
        "",
        "Scan the damaged, broken or missing one alone, and the others without --finding.",
    ),
    "round-too-many-codes": Message(
        "{count} codes at once are too many; the most is {most}.", "", "Scan them in parts."
    ),
    "round-not-ended-yet": Message(
        "Round {round} has no root yet: it did not end.", "", "Prove its points when it has ended."
    ),
    "round-point-absent": Message(
        "Round {round} has no result about {point}.", "", "See its points with: luutru round show {round}"
    ),
    "round-proof-broken": Message(
        "This is no proof of a round's result, or it is torn ({why}).", "", "Make it again: luutru round proof"
    ),
    "round-proof-wrong": Message(
        "The proof does not hold: {point} of round {round} is not among the results that were signed.",
        "",
        "Do not trust this result. Ask the station for the proof again and keep this one.",
    ),
}
LATE: Mapping[str, Message] = {
    "round-due": Message(
        "Round {about} of post {post} is due; it must begin before {closes}.",
        "",
        "Begin it: luutru round start {about}",
    ),
    "round-late": Message(
        "Round {about} of post {post} is late; after {closes} it counts as missed.",
        "",
        "Begin it at once: luutru round start {about}",
    ),
    "round-overdue": Message(
        "Round {about} of post {post} should have been over by {deadline}.",
        "",
        "Ask the guard {by} what happened; then end it with a reason: luutru round end --round {about} --reason REASON",
    ),
    "round-incomplete": Message(
        "Round {about} of post {post} left out {count} points: {points}",
        "{by} ended it without scanning them; the reason stands in the log.",
        "Look at them now: luutru round show {about}",
    ),
    "round-missed": Message(
        "Round {about} of post {post}, due at {due}, was missed.",
        "",
        "Ask who was on duty why, and look at what was not looked at.",
    ),
}
FOUND: Mapping[str, Message] = {
    "round-unaccounted": Message(
        "Round {round}, due at {due}, was neither begun nor recorded as missed.",
        "The minute tick of the station did not run after {closed}.",
        "Let the station run, or record it now with: luutru tick --once",
    ),
    "round-not-ended": Message(
        "Round {round} was begun by {by} and should have been over by {deadline}.",
        "",
        "End it with its reason: luutru round end --round {round} --reason REASON",
    ),
    "round-results-differ": Message(
        "The results of round {round} are not those that were signed into the log.",
        "Somebody changed them from outside after the round had ended.",
        "Keep a copy of the home folder, walk the round again, and ask for help.",
    ),
    "round-seed-not-of-log": Message(
        "Rounds were drawn from a head of {size} entries that this log never had.",
        "",
        "Keep a copy of the home folder and ask for help.",
    ),
}
EVERY_ROUND: Mapping[str, Message] = {**PLANS, **ROUNDS, **LATE, **FOUND}
