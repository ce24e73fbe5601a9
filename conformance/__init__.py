"""Conformance and regression tests for LLM providers."""

__version__ = "0.1.0"
