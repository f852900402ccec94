"""What a record is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """Packages by code, one dossier by code or label, one fonds by code, or everything: one of the four."""

    packages: tuple[str, ...] = ()
    dossier: str = ""
    fonds: str = ""
    everything: bool = False

    def given(self) -> str:
        """Return the name of what is given, "" for nothing and "several" for more than one."""
        named = {
            "packages": bool(self.packages),
            "dossier": bool(self.dossier),
            "fonds": bool(self.fonds),
            "all": self.everything,
        }
        chosen = [name for name, is_given in named.items() if is_given]
        return chosen[0] if len(chosen) == 1 else "several" if chosen else ""

    def words(self) -> str:
        """Return what is kept beside the number of the record."""
        return ", ".join([*self.packages, *filter(None, (self.dossier, self.fonds))])
