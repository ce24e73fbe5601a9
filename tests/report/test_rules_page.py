"""docs/rules.md is fresh, and shows of each rule its dialects, its reason, an example, its probes, its faults and its source."""

from __future__ import annotations

from pathlib import Path

from conformance.emulator.faults.table import FAULTS
from conformance.probes import load_probes
from conformance.report.rules_page import rules_page
from conformance.rules.judging import RULES

PAGE = Path(__file__).parents[2] / "docs/rules.md"
BUILT_IN = [rule for rule in RULES.values() if rule.check.__module__.startswith("conformance.rules.")]


def test_the_page_is_fresh() -> None:
    expected = rules_page(BUILT_IN, load_probes(), FAULTS)
    assert PAGE.read_text("utf-8") == expected, "conformance rules --format md > docs/rules.md"


def test_every_rule_has_its_section_with_its_source_and_dialects() -> None:
    sections = PAGE.read_text("utf-8").split("\n### ")[1:]
    by_rule = {section.partition("\n")[0]: section for section in sections}
    assert set(by_rule) == {rule.id for rule in BUILT_IN}
    lacking = [
        (rule.id, head)
        for rule in BUILT_IN
        for head in (
            "- dialects: ",
            "- asked by: ",
            "- shown by the fault: ",
            f"- source: {rule.source}",
            rule.sentence,
        )
        if head not in by_rule[rule.id]
    ]
    assert lacking == []


def test_a_rule_of_one_dialect_names_it_and_a_general_one_its_fault() -> None:
    native = next(rule for rule in BUILT_IN if rule.subject == "gemini")
    page = rules_page([native, RULES["stream.truncated_without_finish"]], {}, FAULTS)
    assert "- dialects: gemini\n" in page
    assert "- dialects: all\n" in page
    assert "`stream.cut`" in page
