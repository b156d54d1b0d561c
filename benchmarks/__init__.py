"""Measurements over suites, run from the root: `python -m benchmarks.retrieval`, `.answers`, `.ingest_speed`.

Each prints a table on stderr and one JSON document on stdout. Not part of the distribution.
"""
