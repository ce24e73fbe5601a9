"""Findings become cells: target x rule, with a verdict."""
