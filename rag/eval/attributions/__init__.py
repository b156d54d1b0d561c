"""Suites of who said what: gold attributions, scores, baselines, runs, reports. Asks no question."""
