"""The inbox: which file has arrived whole, what it is, and how it is taken in without losing a byte."""
