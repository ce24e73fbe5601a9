"""Claims about the counting of steps, and about expressions that are held against hostile files and streams. All: `python -m tests.redos`."""

from __future__ import annotations

import re

import pytest

from conformance.recording import text_views
from conformance.recording.importers.sniff import _LOG
from conformance.wire import alike
from tests.redos.attacks import growth
from tests.redos.counted import Counter

READ_EVERYWHERE = {
    "a HAR's log": _LOG,
    "a token of JSON": text_views._TOKEN,
    "a literal": alike._LITERAL,
}


@pytest.mark.parametrize("pattern", [r"\s+$", r"(?:a|a)*b", r"(a+)+b", r"^\s*x"])
def test_what_is_superlinear_is_told(pattern: str) -> None:
    assert growth(pattern, re.MULTILINE, search=True, quick=True) is not None


@pytest.mark.parametrize("pattern", [r"a+b?", r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', r"(?<!\w)\w++", r"[a-z]{0,400}x"])
def test_what_grows_as_its_text_is_not(pattern: str) -> None:
    assert growth(pattern, 0, search=False, quick=True) is None


def test_a_search_counts_from_every_place() -> None:
    assert Counter("ab").count("a" * 20, search=True) == 41


@pytest.mark.parametrize("name", READ_EVERYWHERE)
def test_an_expression_for_what_others_wrote_grows_as_its_text(name: str) -> None:
    pattern = READ_EVERYWHERE[name]
    assert growth(pattern.pattern, pattern.flags, search=name != "a literal", quick=True) is None
