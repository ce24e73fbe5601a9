"""Loads the suite's plugin for whoever runs bare pytest here without our addopts."""

pytest_plugins: list[str] = []
