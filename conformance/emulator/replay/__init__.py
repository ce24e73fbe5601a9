"""Recorded exchanges over real HTTP."""
