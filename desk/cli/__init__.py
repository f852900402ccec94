"""The `luutru` command: one file a group of sub-commands."""
