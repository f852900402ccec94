"""What is said at the gate of the pages: sign in first, not permitted, and about links that work once."""

from __future__ import annotations

from collections.abc import Mapping

from desk.message import Message

SIGN_IN: Mapping[str, Message] = {
    "sign-in-needed": Message(
        "Nobody is signed in.", "", "Sign in with your code and PIN, or send a token that has not ended.", status=401
    ),
    "not-permitted": Message(
        "{person} may not open this.",
        "It is not part of what these roles do: {roles}",
        "Ask somebody whose work it is, or let an administrator mend your roles.",
        status=403,
    ),
    "signer-incomplete": Message(
        "A signature is not complete ({signer}).", "", "Each signer gives both their code and their PIN."
    ),
    "link-unknown": Message(
        "This link makes no administrator.",
        "It was mistyped, or a newer one was printed.",
        "Print a new one with: luutru people link",
        status=404,
    ),
    "link-used": Message(
        "This link was used at {moment}.",
        "It works once.",
        "Sign in, or print a new one with: luutru people link",
        status=410,
    ),
    "link-over": Message(
        "This link ended at {moment}.", "It works for a day.", "Print a new one with: luutru people link", status=410
    ),
}
