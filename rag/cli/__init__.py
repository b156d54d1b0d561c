"""The command line: one module for each group of commands, `app` for the rest and for how it all ends."""

from rag.cli.app import main

__all__ = ["main"]
