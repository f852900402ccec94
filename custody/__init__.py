"""Custody of paper: packages, seals, guards and the ledger that a stranger can check."""
