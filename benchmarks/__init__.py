"""Measurements that `onrecord eval` does not make, run from the root as `python -m benchmarks.NAME`.

Each prints a table on stderr and one JSON document on stdout. Not part of the distribution.
"""
