"""What the tests of the lifecycle share."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from conformance.knowledge.lifecycle.scan.files import find_files, literals_of
from conformance.knowledge.lifecycle.scan.mention import mention

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conformance.knowledge.lifecycle.scan.mention import Mention

TODAY = date(2026, 11, 21)


@pytest.fixture
def scan(tmp_path: Path) -> Callable[..., list[Mention]]:
    """Write a file and return what it names."""

    def scanned(name: str, text: str, as_of: date = TODAY) -> list[Mention]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        found = (literal for file in find_files([path]) for literal in literals_of(file) or ())
        mentions = [said for literal in found if (said := mention(literal, name, as_of, {})) is not None]
        return sorted(mentions, key=lambda each: each.line)

    return scanned
