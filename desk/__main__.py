"""`python -m desk` is `luutru`."""

from desk.cli.main import run

if __name__ == "__main__":
    run()
