"""The roof of the house: pages, commands and forms, and the one place where all parts meet."""
