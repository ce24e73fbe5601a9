"""Faults: ways to break an emulated provider's answers."""
