"""docs/rules.md is what `conformance rules --format md` prints: every rule, whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.emulator.faults.table import FAULTS
from conformance.report.rules_page import SUBJECTS, judged_over, page
from conformance.rules.table import RULES, Rate, Rule, Severity
from conformance.rules.table import SUBJECTS as KNOWN
from conformance.wire.dialects import DIALECTS
from conformance.wire.dialects.families import CHAT, GEMINI

if TYPE_CHECKING:
    from tests.world import World

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
BUILT_IN = [rule for rule in RULES.values() if rule.check.__module__.startswith("conformance.rules.")]


def made(**fields: object) -> Rule:
    def check(view: object) -> None:
        """A thing holds, in `code_x` and a_b.

        It sees
        no more.
        """

    values = {
        "source": "https://example.com/a, page 2 (read 2026-11-21)",
        "example": "{}",
        "breaks": "a_client",
        **fields,
    }
    return Rule("usage.sum", lambda case: case, check, Severity.WARNING, **values)  # type: ignore[arg-type]


def test_the_page_is_what_the_command_prints(world: World) -> None:
    """Mended by `conformance rules --format md > docs/rules.md`."""
    stale = "run `conformance rules --format md > docs/rules.md`"
    assert world.call("rules", "--format", "md").out == PAGE.read_text("utf-8"), stale


def test_every_rule_has_an_entry_under_its_subject() -> None:
    entries = re.findall(r"^### (\S+)$", page(BUILT_IN, FAULTS.values()), re.MULTILINE)
    assert sorted(entries) == sorted(rule.id for rule in BUILT_IN)
    assert set(SUBJECTS) == set(KNOWN)


def test_every_link_of_the_contents_leads_to_a_heading() -> None:
    text = page(BUILT_IN, FAULTS.values())
    headings = {
        re.sub(r"[^\w -]", "", line[3:].lower()).replace(" ", "-") for line in text.splitlines() if line[:3] == "## "
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) == headings


def test_an_entry_says_all_that_a_rule_says() -> None:
    rule = made(dialects=CHAT | GEMINI, conforming='{"a": 1}', when_seen="a 429")
    fault = next(fault for fault in FAULTS.values() if fault.rule == "usage.sum")
    entry = page([rule], [fault]).partition("### ")[2].splitlines()
    assert entry == [
        "usage.sum",
        "",
        "*warning*, gemini and openai-chat, judged over one answer. A thing holds, in `code_x` and a\\_b.",
        "",
        "- why: a\\_client",
        "- violates: `{}`",
        '- conforms: `{"a": 1}`',
        "- limits: It sees no more.",
        "- judged when seen: a 429",
        "- source: <https://example.com/a>, page 2 (read 2026-11-21)",
        f"- fault: `{fault.name}`",
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "judged over one answer"),
        ({"over_session": True}, "judged over a session"),
        ({"over_target": True}, "judged over the target"),
        ({"rate": Rate("share", 0.1)}, "judged by a rate (at most 10% of at least"),
    ],
)
def test_an_entry_says_what_the_rule_is_judged_over(fields: dict[str, object], words: str) -> None:
    assert judged_over(made(**fields)).startswith(words)


def test_the_matrix_has_a_line_a_rule_and_a_column_a_dialect(world: World) -> None:
    head, *lines, last = world.call("rules", "gemini", "--matrix").out.splitlines()
    assert head.split() == ["rule", *DIALECTS]
    rules = [rule for rule in BUILT_IN if rule.subject == "gemini"]
    marks = {rule.id: ["x" if rule.speaks(name) else "." for name in DIALECTS] for rule in rules}
    assert {line.split()[0]: line.split()[1:] for line in lines} == marks
    assert last.split() == ["rules", *(str(sum(rule.speaks(name) for rule in rules)) for name in DIALECTS)]
