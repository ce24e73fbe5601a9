"""`conformance serve` in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start the command and yield the base URL that it prints."""
    started = subprocess.Popen(
        [sys.executable, "-m", "conformance", "serve", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert started.stdout is not None
        line = next(line for line in started.stdout if line.startswith("serving at "))
        yield line.split()[2], started
    finally:
        started.kill()
        started.communicate()
