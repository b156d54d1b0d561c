"""Evaluation: suites, metrics, runs, reports. Uses the Assistant as it is; nothing outside imports this but
the command line and the benchmarks."""
