"""The printed records of an office: minutes, lists and books, as PDF in Vietnamese."""
