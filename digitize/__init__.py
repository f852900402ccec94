"""Reading a scan: from a file's bytes to words, boxes, a text layer and the reasons a person should look."""

from digitize.errors import ReadingError
from digitize.reading import PageReading, Reading, ReadSettings, read, read_pages

__all__ = ["PageReading", "ReadSettings", "Reading", "ReadingError", "read", "read_pages"]
