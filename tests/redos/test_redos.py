"""Claims about the counting of steps, and about expressions that are held against hostile files and streams. All: `python -m tests.redos`."""

from __future__ import annotations

import re

import pytest

from conformance.recording import text_views
from conformance.recording.importers.sniff import _LOG
from conformance.wire import alike
from tests.redos.attacks import growth
from tests.redos.counted import Counter
from tests.redos.kept import digest, found_linear
from tests.redos.listed import listed
from tests.redos.reasons import reason

READ_EVERYWHERE = {
    "a HAR's log": _LOG,
    "a token of JSON": text_views._TOKEN,
    "a literal": alike._LITERAL,
}


@pytest.mark.parametrize(
    "pattern", [r"\s+$", r"(?:a|a)*b", r"(a+)+b", r"^\s*x", r"\b[\w.]+ x", r"<a>.*?</a>", r"\(\w*\w*\)"]
)
def test_what_is_superlinear_is_told(pattern: str) -> None:
    assert growth(pattern, re.MULTILINE, search=True) is not None


@pytest.mark.parametrize("pattern", [r"a+b?", r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', r"(?<!\w)\w++", r"[a-z]{0,400}x"])
def test_what_grows_as_its_text_is_not(pattern: str) -> None:
    assert growth(pattern, 0, search=False) is None


def test_each_expression_of_the_product_is_linear_or_has_a_reason() -> None:
    entries, linear = listed(), found_linear()
    assert len(entries) > 600
    new = [entry for entry in entries if digest(entry) not in linear and reason(entry) is None]
    grown = [entry.where for entry in new if growth(entry.source, entry.flags, search=not entry.anchored)]
    assert grown == []


def test_a_search_counts_from_every_place() -> None:
    assert Counter("ab").count("a" * 20, search=True) == 41


@pytest.mark.parametrize("name", READ_EVERYWHERE)
def test_an_expression_for_what_others_wrote_grows_as_its_text(name: str) -> None:
    pattern = READ_EVERYWHERE[name]
    assert growth(pattern.pattern, pattern.flags, search=name != "a literal") is None
