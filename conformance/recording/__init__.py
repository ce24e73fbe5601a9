"""Recorded traffic: our cassettes, other tools' recordings, and what must never stand in either."""
