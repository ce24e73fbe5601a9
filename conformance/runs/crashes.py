"""What nobody foresaw, in one line: exit code 1 means that a cell fails, and a traceback may hold what a request was sent with."""

from __future__ import annotations

import os
from pathlib import Path
from traceback import extract_tb
from typing import Final

from conformance.recording.redaction import redact_text

_LONGEST: Final = 200  # characters of an error's own text


def crash_line(error: BaseException) -> str:
    """Return one line without secrets: the system's words (a full disk), or the error, its place in our code, and the next step."""
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename is not None else ""
        return _without_secrets(f"{place}{error.strerror}")
    line = f"stopped by {type(error).__name__} at {_place(error)}: {str(error)[:_LONGEST]}"
    return f"{_without_secrets(line)}; please report this"


def _without_secrets(text: str) -> str:
    return redact_text(" ".join(text.split()).encode("utf-8", "backslashreplace").decode())


def _place(error: BaseException) -> str:
    """Return the line of ours at which an error arose, without the values of that moment."""
    own = str(Path(__file__).parents[1]) + os.sep
    frames = [frame for frame in extract_tb(error.__traceback__) if frame.filename.startswith(own)]
    return f"{frames[-1].filename.removeprefix(own)}:{frames[-1].lineno}" if frames else "an unknown place"
