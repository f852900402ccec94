"""Reading a scan: from a file's bytes to words, boxes, a text layer and the reasons a person should look."""
