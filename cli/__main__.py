"""`python -m cli` is `cdp`."""

from cli.main import entry

entry()
