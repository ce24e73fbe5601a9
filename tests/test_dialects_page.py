"""docs/dialects.md: every target and dialect, with the evidence that is committed."""

from __future__ import annotations

from pathlib import Path

from conformance.wire.dialects import DIALECTS
from tools.dialects_page import evidence, page

ROOT = Path(__file__).parents[1]


def test_the_page_is_the_one_that_is_made_from_the_cassettes() -> None:
    assert (ROOT / "docs/dialects.md").read_text("utf-8") == page(), "python -m tools.dialects_page > docs/dialects.md"


def test_an_emulated_answer_is_never_called_recorded() -> None:
    for folder in (ROOT / "cassettes").glob("*/*/*"):
        if all(file.name.endswith(".emulated.yaml") for file in folder.parent.parent.glob(f"*/{folder.name}/*.yaml")):
            assert evidence(folder.parts[-3], folder.name, declared=True) == "emulated", folder


def test_a_dialect_without_a_cassette_is_no_more_than_documented() -> None:
    assert evidence("no-such-provider", "openai-chat", declared=True) == "documented"
    assert evidence("no-such-provider", "openai-chat", declared=False) == ""


def test_every_dialect_has_its_column() -> None:
    head = next(line for line in page().splitlines() if line.startswith("| provider"))
    assert [part.strip() for part in head.strip("|").split("|")][1:] == list(DIALECTS)
