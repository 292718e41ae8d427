"""One file a case, found by itself; see ``benchmarks/run.py``."""
