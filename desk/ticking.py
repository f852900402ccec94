"""One minute of looking after the guarding: catch up, judge what is wrong now, tell it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from archive.errors import ArchiveError
from custody.alarms import Step
from custody.errors import CustodyError
from desk import alarming, duty, telling
from desk.office import Office

log = logging.getLogger(__name__)


def look_after(office: Office) -> list[Step]:
    """Catch up with what fell due, evaluate the alarms, and do what may take long last; return the steps taken.

    Repeating it at once takes no step. Raises what the database raises when it cannot be written.
    """
    wrong = duty.catch_up(office)
    steps = alarming.evaluate(office, wrong)
    worked, more = duty.work_slowly(office)
    return [*steps, *alarming.evaluate(office, [*wrong, *more])] if worked else steps


def look_after_safely(office: Office) -> Sequence[Step]:
    """Do the same for a process that must go on: what fails now is due at the next minute as well."""
    try:
        return look_after(office)
    except (ArchiveError, CustodyError, SQLAlchemyError, OSError) as error:
        log.warning("the alarms wait: %s", error)
        return ()


def start_telling(office: Office, stop: threading.Event) -> threading.Thread:
    """Send messages about alarms from a thread of its own, so that no service ever holds up the tick."""
    thread = threading.Thread(target=telling.run, args=(office, stop), name="telling", daemon=True)
    thread.start()
    return thread
