"""Latency: the figures of a timing, and the verdict on a candidate beside its baseline."""
