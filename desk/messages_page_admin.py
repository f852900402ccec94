"""What is said while an office is set up and looked after: refusals, what to do next, certificates, the playground."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

ADMIN: Mapping[str, Message] = {
    "last-administrator": Message(
        "{person} is the last administrator who can sign in.",
        "Without one nobody could add people, give PINs or change settings.",
        "Make somebody else an administrator first.",
    ),
    "person-has-left": Message("{person} has left the office.", "", "Add the person anew under another code."),
    "not-agreed": Message(
        "Nothing was changed.", "This is not undone, so it is asked twice.", "Tick the box beside the button first."
    ),
    "setting-not-here": Message(
        "{keys} is changed at the machine only.",
        "A slip there would part the station from its papers.",
        "Change it in luutru.toml in {path}, with the station stopped.",
    ),
    "settings-layout": Message(
        "The settings file {path} is laid out so that {keys} cannot be changed without touching other lines.",
        "Perhaps a value stands on several lines or stands twice.",
        "Change it by hand in the file.",
    ),
    "setup-step-unknown": Message("There is no step {step} in setting up.", "", "Go to /setup-steps.", status=404),
    "second-place-missing": Message(
        "There is no folder {path} on this computer.", "", "Plug the disk in, make the folder, and give its whole path."
    ),
    "second-place-unwritable": Message(
        "The station cannot write in {path}.",
        "The system answered: {detail}",
        "Give the user who runs the station the right to write there.",
    ),
    "second-place-inside": Message(
        "{path} lies inside the station's own folder {home}.",
        "What destroys or changes the station would change the copies with it.",
        "Choose a folder on another disk, a USB stick or a share.",
    ),
    "second-place-same-disk": Message(
        "{path} lies on the same disk as the station.",
        "When this disk fails or is taken, the copies go with it.",
        "Choose another disk; or tick the box to take it until there is one.",
    ),
    "labels-too-many": Message(
        "{count} labels are more than a page prints at once; the limit is {limit}.", "", "Print shelf by shelf."
    ),
    "station-not-supervised": Message(
        "The station was not started with ./run, so nothing can let it begin again.",
        "",
        "Stop its programs where they were started, and start them again.",
    ),
    "station-begins-again": Message("The station begins again, as its administrator asked.", "", "", Exit.OK, 200),
    "certificate-missing": Message(
        "There is no certificate for HTTPS yet.",
        "It is made when the station starts beyond this computer.",
        "Start the station again: ./run",
        status=404,
    ),
    "certificate-broken": Message(
        "The certificate or key {path} cannot be read.",
        "{detail}",
        "Move the folder keys/web aside and start the station again; phones must then install the new certificate.",
    ),
    "certificate-good": Message(
        "HTTPS: the certificate holds until {leaf}, the office's own authority until {root}.", "", "", Exit.OK, 200
    ),
    "certificate-ends": Message(
        "HTTPS: the certificate ends at {leaf}.",
        "The minute tick renews it a month before that, so the tick may not run.",
        "Start the station again: ./run",
    ),
    "authority-ends": Message(
        "HTTPS: the office's own authority ends at {root}.",
        "After that phones refuse the page.",
        "Move the folder keys/web aside, start the station again, and let each phone install the new one from /ca.",
    ),
    "key-open": Message(
        "The keys {keys} in {path} can be read by others on this machine.",
        "Whoever reads them can pretend to be this station.",
        "Close them with: chmod 600 {path}/*.key",
    ),
    "https-off": Message(
        "The page leaves this computer without HTTPS.",
        "PINs cross the network in the open, and phones give the page no camera.",
        "Set https = auto in luutru.toml and start the station again.",
    ),
    "home-not-playground": Message(
        "{home} holds a real station and is no playground.",
        "Made-up papers must never stand among real ones.",
        "Name an empty folder: luutru demo --home FOLDER",
    ),
    "playground-half-made": Message(
        "The playground in {home} was not finished.",
        "It was stopped while it was filled.",
        "Delete the folder and begin again.",
    ),
}

# What comes next, told on every page until it is done (desk/beginning.py).
TODO: Mapping[str, Message] = {
    "todo-administrator": Message(
        "This station has no administrator yet.",
        "",
        "Open the link printed where it was started, or print one with: luutru people link",
    ),
    "todo-office": Message("Next: the name of the office.", "It stands at the top of labels and minutes.", ""),
    "todo-fonds": Message("Next: the fonds.", "Every dossier belongs to one.", ""),
    "todo-places": Message(
        "Next: the places in the store.", "A box is never entered at a place that is not there.", ""
    ),
    "todo-people": Message("Next: the people who sign.", "An administrator signs nothing in custody.", ""),
    "todo-posts": Message("Next: the guard posts.", "A shift covers a post.", ""),
    "todo-printer": Message("Next: printer and label sheets.", "Labels must lie where the sheet has them.", ""),
    "todo-heads": Message("Next: a second folder for the log.", "It makes later changes visible.", ""),
    "todo-phones": Message("Next: the phones.", "Guards record with them.", ""),
    "todo-register": Message(
        "No dossier is registered yet.", "Boxes are packed from the register.", "Bring in the list of dossiers first."
    ),
    "todo-rolls": Message(
        "No roll of seals is written down yet.", "A box is closed with numbered seals.", "Write the first roll down."
    ),
    "todo-pack": Message(
        "No box is packed yet.", "The register has dossiers and the store has places.", "Begin the first box."
    ),
}
EVERY: Mapping[str, Message] = {**ADMIN, **TODO}
