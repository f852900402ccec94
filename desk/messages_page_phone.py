"""What the pages of guards can refuse: photos, notes of phones, and looking at a count that is blind."""

from __future__ import annotations

from collections.abc import Mapping

from desk.message import Message

PHONE: Mapping[str, Message] = {
    "photo-too-large": Message(
        "The photo is too large.",
        "At most {limit} bytes are taken for one photo.",
        "Take it again with a smaller size in the settings of the camera.",
        status=413,
    ),
    "photo-unreadable": Message(
        "The file is not a photo that can be opened.", "", "Take the photo again; JPEG, PNG and WebP are taken."
    ),
    "photo-without-code": Message(
        "There is no code of ours on the photo.",
        "The label may be too small, blurred or cut off.",
        "Hold the phone a hand's breadth from the label and try again, or type the nine characters under it.",
    ),
    "photos-too-many": Message(
        "{count} photos are too many at once.", "At most {most} are taken.", "Send them in several reports."
    ),
    "count-is-blind": Message(
        "What is expected is not shown now.",
        "A count at this post has not been put in: whoever counts must not know how many there should be.",
        "Finish the count first.",
        status=409,
    ),
    "count-without-place": Message(
        "The place of {package} is not said.", "", "Scan the label of the shelf first, or type its place."
    ),
    "count-empty": Message("Nothing was counted.", "", "Scan at least one box. An empty place needs no count."),
    "device-unknown": Message(
        "The station does not know this phone ({device}).",
        "",
        "Open the guard page again: it registers the phone anew.",
    ),
    "device-of-another": Message(
        "These notes are of another person ({person}).",
        "",
        "Let {person} sign in on this phone and send them.",
        status=409,
    ),
    "notes-malformed": Message(
        "The phone sent something that cannot be read.", "{detail}", "Open the guard page again and send once more."
    ),
}
