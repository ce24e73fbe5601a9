"""The rule table: who may enter it, and what every entry says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import conformance
import conformance.rules
from conformance.rules.table import RULES, SUBJECTS, Finding, Rule, Severity, dotted, rule, shown
from conformance.wire.dialects import DIALECTS

PACKAGE = Path(conformance.__file__).parent
BUILT_IN = [each for each in RULES.values() if each.check.__module__.startswith("conformance.rules.")]
#: Rules that stand with others of their view, not of their subject. Whatever is judged over a session stands in `session`.
ELSEWHERE = {
    "sse.keepalive_during_silence": "timing",  # needs arrivals
    "tool_call.schema_keywords_accepted": "tool_choice",  # judges requests that offered tools
}


def ids(each: Rule) -> str:
    """Return a rule's id, for the test's own."""
    return each.id


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> dict[str, Rule]:
    """The table, emptied; as it was after the test."""
    empty: dict[str, Rule] = {}
    monkeypatch.setattr("conformance.rules.table.RULES", empty)
    return empty


def enter(name: str) -> None:
    """Register a rule under an id."""

    @rule(name, over=lambda case: case, severity=Severity.NOTE, source="https://example.com (read 2026-11-21)")
    def check(view: object) -> None:
        """Something holds.

        It cannot see everything.
        """


def test_an_id_is_registered_once(table: dict[str, Rule]) -> None:
    enter("usage.sum")
    with pytest.raises(ValueError, match=r"rule 'usage\.sum' is registered already"):
        enter("usage.sum")
    assert list(table) == ["usage.sum"]


@pytest.mark.parametrize("name", ["usages.sum", "sum", "", "Usage.sum"])
def test_an_unknown_subject_is_refused(table: dict[str, Rule], name: str) -> None:
    with pytest.raises(ValueError, match="no such subject, expected one of http, sse, "):
        enter(name)
    assert table == {}


def test_a_rule_takes_its_sentence_and_its_limits_from_the_docstring(table: dict[str, Rule]) -> None:
    enter("usage.sum")
    entry = table["usage.sum"]
    assert (entry.subject, entry.sentence, entry.limits) == ("usage", "Something holds.", "It cannot see everything.")


def test_a_finding_carries_the_rule_and_the_severity_of_the_rule_that_made_it() -> None:
    made = Finding("/usage", "is null", "an object")
    entry = Rule("usage.sum", lambda case: case, lambda _: iter([made]), Severity.WARNING, "https://example.com")
    (finding,) = entry.findings(object())
    assert (finding.rule, finding.severity, finding.pointer) == ("usage.sum", Severity.WARNING, "/usage")


@pytest.mark.parametrize("each", BUILT_IN, ids=ids)
def test_a_rule_is_named_by_subject_and_requirement(each: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_]+", each.id)
    assert each.subject in SUBJECTS


@pytest.mark.parametrize("each", BUILT_IN, ids=ids)
def test_a_rule_says_what_it_requires_where_that_stands_and_what_violates_it(each: Rule) -> None:
    assert re.fullmatch(r"\S.{15,}\.", each.sentence)
    assert re.search(r"https?://|RFC \d+|\d+\.\d+\.\d+|templates", each.source), (
        "a page, an RFC or a package with its version"
    )
    assert re.search(r"\b20\d\d-\d\d(-\d\d)?\b", each.source), "the date it was read"
    assert each.example


@pytest.mark.parametrize("each", BUILT_IN, ids=ids)
def test_what_can_fail_a_cell_says_whom_it_breaks(each: Rule) -> None:
    assert each.breaks or each.severity is Severity.NOTE


@pytest.mark.parametrize("each", BUILT_IN, ids=ids)
def test_a_rule_stands_in_the_module_of_its_subject(each: Rule) -> None:
    expected = "session" if each.over_session else ELSEWHERE.get(each.id, each.subject)
    module = each.check.__module__.removeprefix("conformance.rules.")
    assert module in {expected, f"{expected}_stream"}  # a subject may have what it asks of streams in a file beside


def test_every_subject_is_free_of_another_ones_name() -> None:
    assert len(set(SUBJECTS)) == len(SUBJECTS)
    assert {each.subject for each in BUILT_IN} <= set(SUBJECTS)


def test_no_code_knows_a_provider() -> None:
    """What a provider does differently is data: none of our modules holds a provider's name as a value of its own.

    Dialects share a name with some of them, and a driver names the SDK that it drives.
    """
    names = {path.stem for path in (PACKAGE / "providers").glob("*.toml")} - set(DIALECTS)
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}: {node.value}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.parent.name != "drivers"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lower() in names
    ]
    assert len(names) > 5
    assert found == []


@pytest.mark.parametrize(
    ("pointer", "words"),
    [
        ("", ""),
        ("/choices/0/delta/tool_calls/0/index", "choices[0].delta.tool_calls[0].index"),
        ("/data/3", "data[3]"),
        ("/x~1y/~0", "x/y.~"),
        ("/0", "[0]"),
    ],
)
def test_a_pointer_is_shown_the_way_people_write_it(pointer: str, words: str) -> None:
    assert dotted(pointer) == words


def test_a_finding_says_event_place_received_and_expected() -> None:
    finding = Finding("/choices/0/index", "is missing", "an integer", 14)
    assert finding.message == "event 14: choices[0].index is missing, expected an integer"
    assert Finding("", "status 200", "a 404").message == "status 200, expected a 404"


def test_a_long_value_is_shown_cut() -> None:
    assert shown("x" * 500) == f"is '{'x' * 78}…"
    assert shown(None) == "is null"


def test_severities_are_ordered() -> None:
    assert Severity.ERROR.at_least(Severity.WARNING)
    assert Severity.WARNING.at_least(Severity.WARNING)
    assert not Severity.NOTE.at_least(Severity.WARNING)
