"""The pages of the station, rendered on the server."""
