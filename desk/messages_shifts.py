"""What plans, shifts and hand-overs can be refused for, what breaks cover, and what is wrong with it now."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

ROSTERS: Mapping[str, Message] = {
    "post-unknown": Message("There is no post {post}.", "", "List them with: luutru post list", Exit.NOT_FOUND, 404),
    "post-absent": Message("The post is missing.", "", "Name the post."),
    "plan-too-long": Message(
        "The plan from {start} to {end} with {turns} turns is too long for one publication.",
        "",
        "Publish at most a year at once.",
    ),
    "turn-doubled": Message(
        "A guard stands twice at the same time in the plan of post {post}.",
        "",
        "Nothing was recorded; mend this and try again.",
    ),
    "turn-wrong": Message(
        "The turn of {guard} at post {post}, {moment}, cannot be so.",
        "",
        "Nothing was recorded; mend this and try again.",
    ),
    "plan-in-the-past": Message(
        "The plan of post {post} would change a turn that has begun ({moment}).",
        "What has begun is judged by the plan it began under.",
        "Send another guard with: luutru shift replace",
    ),
    "times-unreadable": Message("{value} is no span of a day.", "", "Write it like 22:00-06:00."),
    "name-without-value": Message("{value} is not a name and its value.", "", "Write it like NAME=VALUE."),
    "roster-empty": Message("The plan of post {post} has no shift or no day.", "", "Give at least one of each."),
    "roster-not-a-week": Message(
        "A weekly plan has seven days; that of post {post} has {days}.", "", "Give the days from Monday to Sunday."
    ),
    "roster-too-large": Message(
        "The plan of post {post} is too large.", "", "It may have {days} days and {shifts} shifts a day."
    ),
    "roster-backwards": Message(
        "The plan of post {post} ends on {ends}, before it begins on {begins}.",
        "",
        "Nothing was recorded; mend this and try again.",
    ),
    "shift-doubled": Message("Post {post} has two shifts of one name: {shifts}", "", "Name each shift otherwise."),
    "shift-unknown": Message("Post {post} has no shift {shift}.", "", "Its shifts are: {known}"),
    "roster-line-wrong": Message(
        "Day {day} of the plan of post {post} names {found} teams for {wanted} shifts.",
        "",
        "Name one team for each shift, - for nobody, A+B for two.",
    ),
    "roster-file-unusable": Message(
        "The plan in {path} cannot be used: {detail}",
        "",
        "It has from, cycle, [shifts] and [teams], and may have until and weekly.",
    ),
    "roster-unknown": Message("Post {post} has no plan that begins on {day}.", "", "See: luutru roster show {post}"),
    "roster-absent": Message(
        "Post {post} has no plan.", "", "Set one with: luutru roster set {post}", Exit.NOT_FOUND, 404
    ),
    "not-a-guard": Message(
        "{person} is not a guard of this office.",
        "Only people on the list with the role of a guard can be planned.",
        "See: luutru people list",
    ),
    "guard-planned-twice": Message(
        "{guard} would be at two places at once ({moment}): {posts}", "", "Plan another guard for one of them."
    ),
    "holiday-incomplete": Message("The holiday of {day} has no name or kind.", "", "Give it a name."),
    "holiday-unknown": Message("{day} is no holiday.", "", "See: luutru roster holiday list"),
    "lunar-year-unknown": Message(
        "This release does not know when Tết is in {year}.",
        "It knows the years from {first} to {last}.",
        "Add the days with: luutru roster holiday add",
    ),
    "span-unreadable": Message("{value} is no span of time.", "", "Write it like 24h, 90m or 7d; a year at most."),
}
SHIFTS: Mapping[str, Message] = {
    "guard-on-duty": Message(
        "{guard} is on duty at post {post} since {moment}.",
        "Nobody can be at two posts.",
        "Let that shift be handed over or left first.",
    ),
    "guard-not-on-duty": Message(
        "{guard} is not on duty at post {post}.", "", "See who is on duty with: luutru shift show"
    ),
    "replaced-by-oneself": Message("{guard} cannot be replaced by {guard}.", "", "Name another guard."),
    "packages-not-handed-over": Message(
        "{guard} answers for {count} packages and cannot leave as relieved.",
        "The first of them: {package}",
        "Hand the shift over with: luutru shift handover",
    ),
    "giver-unclear": Message(
        "It is not clear who hands post {post} over.", "On duty there: {guards}", "Name the person with --from."
    ),
    "relief-unknown": Message(
        "There is no hand-over {relief}.", "", "See who is on duty with: luutru shift show", Exit.NOT_FOUND, 404
    ),
    "relief-not-begun": Message(
        "No hand-over is in progress at post {post}.",
        "",
        "Begin with the count: luutru shift count {post}",
        Exit.NOT_FOUND,
        404,
    ),
    "relief-over": Message("The hand-over {relief} is over ({state}).", "", "Begin another."),
    "relief-ended": Message("The hand-over {relief} is closed, refused or void.", "", "Begin another."),
    "relief-of-oneself": Message("{guard} cannot take over from {guard}.", "", "Let somebody else take over."),
    "relief-of-others": Message(
        "This hand-over is from {giver} to {receiver}.", "", "Let these two sign, or begin another."
    ),
    "relief-not-counted": Message(
        "The count of hand-over {relief} is not in yet.",
        "What is expected is shown only after the count.",
        "End it with: luutru shift count --done",
    ),
    "relief-not-closed": Message("The hand-over {relief} is not closed.", "", "Close it with: luutru shift handover"),
    "relief-outdated": Message(
        "Since the count of hand-over {relief}, packages at the post have changed.",
        "",
        "Count again with: luutru shift count; what was scanned is still there.",
    ),
    "relief-not-as-counted": Message(
        "The hand-over {relief} does not say what was counted.",
        "",
        "Count again with: luutru shift count; what was scanned is still there.",
    ),
    "counted-doubled": Message("Counted twice: {packages}", "", "Nothing was recorded; mend this and try again."),
    "difference-without-incident": Message(
        "Package {package} differs ({difference}) and has no incident.",
        "A shift is handed over only when every difference has its incident.",
        "Name one with --incident, or open them with --open-incidents.",
    ),
}
WRONG: Mapping[str, Message] = {
    "post-uncovered": Message(
        "Post {post} had {short} guards too few from {start} to {end}. Answers for it: {responsible}",
        "",
        "See it with: luutru cover --post {post}. Where a sheet was kept on paper, key it in: "
        "luutru paper enter --present. Otherwise a leader answers for it: luutru incident open --about {post} "
        "--from … --to …, then luutru incident close",
    ),
    "post-uncovered-more": Message("Post {post} had {count} earlier holes.", "", "See it with: luutru cover"),
    "relief-not-settled": Message(
        "Hand-over {relief} at post {post} was closed with {counted} of {expected} packages and not every difference "
        "has an incident.",
        "",
        "Call the archivist: this must be cleared up on paper before anybody touches it.",
    ),
    "relief-incident-unknown": Message(
        "Hand-over {relief} names incident {incident} for package {package}, which does not exist.",
        "",
        "Call the archivist: this must be cleared up on paper before anybody touches it.",
    ),
    "post-uncovered-now": Message(
        "Post {post} needs {needed} guards now and has {short} too few. Answers for it: {responsible}",
        "",
        "Send a guard at once: luutru shift replace, or luutru shift start",
    ),
    "cover-missing-ahead": Message(
        "The plan leaves post {post} with {short} guards too few from {start} to {end}.",
        "",
        "Plan somebody and publish: luutru roster publish {post}",
    ),
    "guard-absent": Message(
        "{guard} should be at post {post} since {start} and has not begun.",
        "",
        "Call the guard, or send another: luutru shift replace",
    ),
    "relief-late": Message(
        "{guard} is still at post {post}; the turn ended at {end}.", "", "Find out who was to take over."
    ),
    "duty-too-long": Message("{guard} is on duty at post {post} for {hours} hours.", "", "Send somebody to take over."),
    "relief-open-long": Message(
        "The hand-over from {giver} to {receiver} at post {post} is open since {begun_at}.",
        "{giver} stays responsible until it is closed.",
        "Close it, or give it up: luutru shift void {post}",
    ),
    "left-without-relief": Message(
        "{guard} left post {post} without relief and answers for {count} packages.",
        "The first of them: {package}",
        "Let another guard count, luutru shift count {post} --from {guard}, and a leader sign in that person's stead: "
        "luutru shift handover {post} --stead LEADER",
    ),
}
ALL: Mapping[str, Message] = {**ROSTERS, **SHIFTS, **WRONG}
