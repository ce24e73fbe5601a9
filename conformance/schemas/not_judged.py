"""What a rule raises where it cannot judge: neither clean nor a finding."""

from __future__ import annotations


class NotJudgedError(Exception):
    """A value cannot be judged within its budget. Its text says why; a rule that raises it was not checked."""
