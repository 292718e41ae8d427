"""Benchmarks: a fast path against its slow twin, run by ``make bench``."""
