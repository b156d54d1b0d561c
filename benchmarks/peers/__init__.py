"""Other ways to search articles beside ours: same articles, weights, questions and machine, one run.

    python -m benchmarks.peers --install --home DIR
    python -m benchmarks.peers --suite FOLDER --home DIR [--articles N] [--tag TAG]

Each system is set up as its own documentation shows (see the `with_...` modules) and runs in a process of
its own, one after another, without network. Theirs have an environment of their own under DIR, pinned by
`constraints.txt`; they are no dependencies of Onrecord. A `with_...` module is run with that environment's
Python and may import nothing but the standard library, `benchmarks.peers.protocol` and the peer itself.
"""
