"""Latency: what a timing says, and whether a candidate is slower than its baseline."""
