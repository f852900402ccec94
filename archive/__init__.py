"""The floor of the house: holdings, codes, clock, database, vault, search and jobs."""
