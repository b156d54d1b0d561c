"""Launcher: `python app.py` opens the page; further words go to `onrecord serve`."""

import sys

from rag.cli import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
