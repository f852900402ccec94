"""What is said about spans without enough guards that were answered for, and about presence that paper attests."""

from __future__ import annotations

from collections.abc import Mapping

from desk.message import Message

ANSWERS: Mapping[str, Message] = {
    "post-uncovered-answered": Message(
        "Post {post} had {short} of {needed} guards too few from {start} to {end}; answered in incident {incident}.",
        "",
        "Read the answer with: luutru incident show {incident}",
    ),
    "post-covered-by-paper": Message(
        "{guard} was at post {post} from {start} to {end} as sheet {sheet} says, signed on paper by {people}, "
        "keyed in by {keyed_by}.",
        "",
        "See the sheet with: luutru paper list",
    ),
    "answer-span-wrong": Message(
        "From {start} to {end} is no span of the past.",
        "An incident about the guarding of a post needs both moments, the first before the second, "
        "and neither to come.",
        "Name both: luutru incident open --about {post} --from 2026-01-05T02:00 --to 2026-01-05T03:00",
    ),
    "answer-about-no-hole": Message(
        "From {start} to {end} post {post} had enough guards, or an incident has answered for it already.",
        "",
        "See the holes with: luutru cover --post {post}",
    ),
    "answer-unexplained": Message(
        "Incident {incident} is about a time when post {post} was short of guards; it is concluded only with a text.",
        "The conclusion answers for that time for good, so it must say what happened.",
        "Write it into a file and name it: luutru incident close {incident} --text FILE",
    ),
    "paper-attests-nothing": Message(
        "Form {form} does not say who was on duty; only {known} do.",
        "",
        "Key it in without --present, or key in the sheet of the hand-over.",
    ),
    "paper-present-unsigned": Message(
        "{guards} did not sign sheet {number}, so it does not say that they were on duty.",
        "",
        "Name with --person everybody who signed the paper, and with --present only some of them.",
    ),
    "paper-presence-wrong": Message(
        "Sheet {number} cannot attest a presence from {start} to {end}.",
        "It needs a beginning and an end, at most 24 hours apart, and names each guard once.",
        "Name both with --from and --to; key in a longer time from its several sheets.",
    ),
    "paper-attested-by-oneself": Message(
        "Sheet {number} says that {guards} were on duty; a leader who was not among them must sign for it.",
        "It fills a time without confirmed presence, so it is not taken on their own word.",
        "Let a leader sign as well: --signer CODE",
    ),
    "paper-present-unknown": Message("{guard} is no guard of this office.", "", "See who is with: luutru people list"),
    "paper-guard-elsewhere": Message(
        "{guard} was confirmed at post {post} since {since} and cannot have been somewhere else.",
        "",
        "Read the sheet again: the guard, the post, and the times.",
    ),
    "giver-nobody": Message(
        "Nobody else is on duty at post {post}, so nobody can hand it over.",
        "Who left without relief still answers for packages, until they are counted and a leader signs instead.",
        "Take up the post with: luutru shift start {post}. Then count after whoever left: "
        "luutru shift count {post} --from CODE",
    ),
    "round-walker-off-duty": Message(
        "{guard} is not on duty at post {post}, whose round this is.",
        "A round is walked by a guard of its post, so that it is known who was where.",
        "Take up the post first: luutru shift start {post}. Where somebody else must walk it, say why with --off-duty",
    ),
}
