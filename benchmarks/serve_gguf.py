"""Serves a GGUF file on loopback as OpenAI's servers do, for tests, measurements and trying out.

    python -m benchmarks.serve_gguf FILE.gguf [--port N] [--key KEY] [--context N] [--attended]

Prints the address when it listens. `--attended`: ends when its standard input does, so that it does not
outlive the process that started it.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading

STEP = 64  # tokens of a prompt that are read at a time: a stop is noticed between two steps


def main() -> None:
    """Listen until the process is ended."""
    parser = argparse.ArgumentParser(description="Serve a GGUF file on loopback.")
    parser.add_argument("file")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--key", default="", help="what a client must send; none by default")
    parser.add_argument("--context", type=int, default=2048)
    parser.add_argument("--attended", action="store_true")
    wanted = parser.parse_args()
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    server = _server(wanted)
    print(server.listening_address, flush=True)
    if wanted.attended:
        sys.stdin.read()
    else:
        threading.Event().wait()


def _server(wanted: argparse.Namespace) -> object:
    """It listens already."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = wanted.file
    settings.n_ctx, settings.n_parallel = wanted.context, 1
    settings.n_batch = settings.n_ubatch = STEP
    settings.verbosity, settings.offline, settings.ui = -1, True, False
    settings.port, settings.endpoint_slots = wanted.port, True
    if wanted.key:
        settings.api_keys = [wanted.key]
    return xllamacpp.Server(settings)


if __name__ == "__main__":
    main()
