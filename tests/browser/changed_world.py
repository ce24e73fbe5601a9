"""A project whose second run differs from its first by one injected change, with both reports: what readers are asked about.

One target was recorded, and broke since; another is known from the emulator alone.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, cast

sys.path.append(str(Path(__file__).parents[1]))
from world import BAD, RULE, TARGET, World

EMULATED = "groq/openai/gpt-oss-120b"
CHANGED = (TARGET, RULE)
_PLACES = ("--providers", "providers", "--as-of", "2026-11-21")


def make(folder: Path) -> Path:
    """Record, run, change an answer, run again, and build both reports.

    Args:
        folder: an empty folder; its `reports` has the pages then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    world = World(folder, cast("Any", None))
    world.cassette()
    call(folder, "record", EMULATED, "--emulated", "--probe", "plain", "--probe", "tools-auto", "--probe", "stream")
    targets = ("--target", TARGET, "--target", EMULATED, *_PLACES)
    call(folder, "run", *targets)
    world.cassette(BAD)
    call(folder, "run", *targets, "--alluredir", "reports/allure-results")
    call(folder, "report", "--format", "html", "--out", "reports", "--providers", "providers")
    return folder / "reports"


def call(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours in a folder."""
    command = [sys.executable, "-m", "conformance", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
