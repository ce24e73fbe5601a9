"""The rule table: who may enter it, and what every entry says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import conformance
import conformance.rules
from conformance.rules.judging import judge, judge_session
from conformance.rules.table import RULES, SUBJECTS, Finding, Rule, Severity, dotted, rule, shown
from conformance.wire.case import Case, Session
from conformance.wire.dialects import DEFAULT_DIALECT, DIALECTS
from conformance.wire.dialects.families import ALL, CHAT, GEMINI, READ
from conformance.wire.exchange import Exchange, Request, Response

PACKAGE = Path(conformance.__file__).parent
BUILT_IN = [each for each in RULES.values() if each.check.__module__.startswith("conformance.rules.")]
#: Rules that stand with others of their view, not of their subject. Whatever is judged over a session stands in `session`.
ELSEWHERE = {
    **dict.fromkeys(
        (f"{subject}.same_in_dialects" for subject in ("finish_reason", "tool_call", "usage", "error")), "dialect_twins"
    ),
    "sse.keepalive_during_silence": "timing",  # needs arrivals
    "tool_call.schema_keywords_accepted": "tool_choice",  # judges requests that offered tools
}


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


def test_every_rule_is_named_by_subject_and_requirement() -> None:
    assert len(BUILT_IN) > 100
    assert [entry.id for entry in BUILT_IN if not re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_]+", entry.id)] == []
    assert [entry.id for entry in BUILT_IN if entry.subject not in SUBJECTS] == []


def test_every_rule_says_its_requirement_in_one_sentence() -> None:
    assert [(entry.id, entry.sentence) for entry in BUILT_IN if not re.fullmatch(r"\S.{15,}\.", entry.sentence)] == []


def test_every_rule_has_a_page_an_rfc_or_a_package_with_its_version_as_source() -> None:
    place = re.compile(r"https?://|RFC \d+|\d+\.\d+\.\d+|templates")
    assert [(entry.id, entry.source) for entry in BUILT_IN if not place.search(entry.source)] == []


def test_every_rule_says_when_its_source_was_read() -> None:
    day = re.compile(r"\b20\d\d-\d\d(-\d\d)?\b")
    assert [(entry.id, entry.source) for entry in BUILT_IN if not day.search(entry.source)] == []


def test_every_rule_shows_a_violating_example() -> None:
    assert [entry.id for entry in BUILT_IN if not entry.example] == []


def test_every_rule_that_can_fail_a_cell_says_whom_it_breaks() -> None:
    assert [entry.id for entry in BUILT_IN if not entry.breaks and entry.severity is not Severity.NOTE] == []


def test_every_rule_stands_in_the_module_of_its_subject() -> None:
    strays = []
    for entry in BUILT_IN:
        module = entry.check.__module__.removeprefix("conformance.rules.")
        if module.startswith("native."):  # the grammar of dialects: by the dialect's name, or in the file of several
            homes = {name.replace("-", "_") for name in entry.dialects or ()} | {"typed_events", "answers"}
            module = module.removeprefix("native.")
        else:  # a subject may have a part of what it asks in a file beside
            homes = {"session" if entry.over_session else ELSEWHERE.get(entry.id, entry.subject)}
        if re.sub(r"_(stream|metadata|background|hints|numbers|listing)\Z", "", module) not in homes:
            strays.append((entry.id, module))
    assert strays == []


def test_a_conforming_fragment_is_not_the_violating_one() -> None:
    assert [entry.id for entry in BUILT_IN if entry.conforming == entry.example] == []
    assert sum(bool(entry.conforming) for entry in BUILT_IN) > 100


def test_every_subject_is_free_of_another_ones_name() -> None:
    assert len(set(SUBJECTS)) == len(SUBJECTS)
    assert {each.subject for each in BUILT_IN} <= set(SUBJECTS)


def test_no_code_knows_a_provider() -> None:
    """What a provider does differently is data: none of our modules holds a provider's name as a value of its own.

    Dialects and the subjects of their rules share a name with some of them, and a driver names the SDK that it drives.
    """
    names = {path.stem for path in (PACKAGE / "providers").glob("*.toml")} - set(DIALECTS) - set(SUBJECTS)
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}: {node.value}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.parent.name != "drivers"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lower() in names
    ]
    assert len(names) > 5
    assert found == []


def test_no_code_outside_the_dialects_knows_a_dialect() -> None:
    """A dialect's name stands in its own packages and in data. Rules say with a set of `families` where they apply, and views never ask.

    Some subjects share a name with a dialect, and a driver names the SDK that it drives.
    """
    names = set(DIALECTS) | {f"{name.partition('-')[0]}-" for name in DIALECTS if "-" in name}
    homes = {PACKAGE / "wire" / "dialects", PACKAGE / "emulator" / "dialects"}
    offenders = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if homes & set(path.parents) or path.parent.name == "drivers":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        subjects = {id(part) for node in tree.body if is_list_of_subjects(node) for part in ast.walk(node)}
        offenders += [
            f"{path.relative_to(PACKAGE)}:{node.lineno}: {ast.unparse(node)}"
            for node in ast.walk(tree)
            if id(node) not in subjects and (names_a_dialect(node, names) or compares_a_dialect(node))
        ]
    assert offenders == []


def is_list_of_subjects(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)] == ["SUBJECTS"]


def names_a_dialect(node: ast.AST, names: set[str]) -> bool:
    if isinstance(node, ast.Constant):
        return node.value in names if isinstance(node.value, str) else False
    if isinstance(node, ast.ImportFrom):
        return "dialects" in (node.module or "") and "NAME" in {alias.name for alias in node.names}
    return isinstance(node, ast.Attribute) and node.attr == "NAME"


def compares_a_dialect(node: ast.AST) -> bool:
    if not isinstance(node, ast.Compare) or isinstance(node.ops[0], ast.Is | ast.IsNot):
        return False
    return any(ast.unparse(operand).endswith("dialect.name") for operand in (node.left, *node.comparators))


@pytest.mark.parametrize(
    "code",
    [
        "case.dialect.name == name",
        'name.startswith("openai-")',
        "from wire.dialects.gemini import NAME",
        "gemini.NAME",
        '"ollama"',
    ],
)
def test_code_that_knows_a_dialect_is_seen(code: str) -> None:
    assert any(
        names_a_dialect(node, {"ollama", "openai-"}) or compares_a_dialect(node) for node in ast.walk(ast.parse(code))
    )


def test_a_rule_is_judged_in_its_dialects_only(table: dict[str, Rule]) -> None:
    built: list[str | None] = []

    def view(case: Case) -> str | None:
        built.append(case.dialect.name if case.dialect else None)
        return "judged"

    for name, dialects in (("usage.sum", GEMINI), ("usage.nonzero", ALL)):
        rule(name, over=view, severity=Severity.NOTE, source="RFC 1", dialects=dialects)(lambda _: None)
    cases = [Case(exchange(url)) for url in ("https://a.example/v1/chat/completions", "https://a.example/elsewhere")]
    judged = [judge(case, table.values()).checked for case in cases]

    assert judged == [{"usage.nonzero"}, {"usage.nonzero"}]
    assert built == [DEFAULT_DIALECT, None]
    assert [table["usage.sum"].speaks(name) for name in ("gemini", DEFAULT_DIALECT, None)] == [True, False, False]


def exchange(url: str) -> Exchange:
    request = Request("POST", url, {}, b'{"messages": []}')
    return Exchange(id=url, request=request, response=Response(200, {}, b"{}"), evidence="recorded")


def test_a_rule_of_some_dialects_is_judged_over_the_exchanges_of_a_session_in_them(table: dict[str, Rule]) -> None:
    seen: list[int] = []

    def view(session: Session) -> str:
        seen.append(len(session.cases))
        return "judged"

    rule("usage.sum", over=view, severity=Severity.NOTE, source="RFC 1", over_session=True, dialects=CHAT)(
        lambda _: None
    )
    urls = ("https://a.example/v1/chat/completions", "https://a.example/elsewhere")
    judge_session(Session(tuple(Case(exchange(url)) for url in urls)), table.values())
    assert seen == [1]


def test_dialects_of_a_rule_are_dialects() -> None:
    assert sorted(READ) == sorted(DIALECTS)
    assert [entry.id for entry in BUILT_IN if entry.dialects is not None and not entry.dialects <= READ] == []


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
