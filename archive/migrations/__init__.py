"""The steps that bring a database of any earlier release to this one, on both engines."""
