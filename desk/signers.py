"""From a code and a PIN to somebody who signs: the people of the office, in the role they sign in."""

from __future__ import annotations

from archive import people
from custody import moves
from custody.errors import CustodyError
from custody.rules import Signer
from desk.office import Office

# Who signs what the station notes by itself; the head it signs next is its signature (docs/ledger.md).
STATION = Signer(people.STATION, moves.STATION, "")
# What a person with several roles signs as, unless the code names one: the office's own work first.
ORDER = ("archivist", "clerk", "leader", "guard", "witness", "inspector")


def by_pin(office: Office, code: str, pin: str) -> Signer:
    """Return who signs; `code` may name the role: "NV01:leader".

    A wrong PIN counts, whatever becomes of the act. Raises SignInError "sign-in-refused" or "sign-in-waits", and
    CustodyError "signer-without-role" where the person may not sign in that role.
    """
    name, _, role = code.partition(":")
    person = people.authenticate(office.database, name, pin, office.clock.now())
    roles = {each.value for each in person.roles}
    chosen = role or next((each for each in ORDER if each in roles), "")
    if chosen not in roles:
        raise CustodyError("signer-without-role", signer=person.code, role=role, roles=sorted(roles))
    return Signer(person.code, chosen, person.unit)
