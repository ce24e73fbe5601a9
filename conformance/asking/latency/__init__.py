"""Latency, measured live: a clock on raw reads, a calibration beside it, and runs that are kept."""
