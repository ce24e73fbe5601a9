"""CHANGELOG puts verdict changes first, and names only rules and public names that exist."""

from __future__ import annotations

import re
from pathlib import Path

import conformance
from conformance.rules.judging import RULES
from conformance.rules.table import SUBJECTS

TEXT = (Path(__file__).parents[1] / "CHANGELOG.md").read_text("utf-8")


def test_verdicts_come_first_in_every_release() -> None:
    releases = TEXT.split("\n## ")[1:]
    assert releases
    assert [
        release.partition("\n")[0] for release in releases if "### " in release and "\n### Verdicts" not in release
    ] == []
    assert [release for release in releases if not release.split("\n### ")[1].startswith("Verdicts")] == []


def test_every_rule_that_is_named_exists() -> None:
    named = {name for name in re.findall(r"`(\w+\.\w+)`", TEXT) if name.partition(".")[0] in SUBJECTS}
    assert len(named) > 20
    assert sorted(named - set(RULES)) == []


def test_the_public_api_is_named_whole() -> None:
    line = re.search(r"from conformance import ([^`]+)`", TEXT)
    assert line is not None
    assert sorted(line[1].split(", ")) == sorted(conformance.__all__)
