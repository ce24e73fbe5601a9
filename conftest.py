"""Loads the suite's plugin, also for a pytest that was told not to read our addopts."""

pytest_plugins = ["conformance.plugin"]
