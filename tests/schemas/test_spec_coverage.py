"""Every answer of the vendors' published specifications is named by a schema, or left out for a reason: nothing is open."""

from __future__ import annotations

import importlib.util
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from tests.spec_coverage.ledger import DIFFERENCES, LEFT_OUT, differences, ledger, listed, paths_of, table, unexplained
from tests.spec_coverage.named import reached
from tests.spec_coverage.specification import FACTS, SpecPath, roots

if TYPE_CHECKING:
    from pathlib import Path

specified = pytest.mark.skipif(
    not FACTS.is_dir() or importlib.util.find_spec("botocore") is None,
    reason="needs the specifications' paths beside the checkout, and the extra [bedrock]",
)


@specified
def test_no_path_of_a_specification_is_open() -> None:
    assert [f"{line.root.source} {line.path.text} {line.differences}" for line in ledger() if unexplained(line)] == []


@specified
def test_every_compared_object_is_in_its_specification() -> None:
    assert [root.name for root in roots() if next(iter(paths_of(root)), None) is None] == []


@specified
@pytest.mark.parametrize("file", [LEFT_OUT, DIFFERENCES], ids=["left out", "differences"])
def test_every_row_of_the_data_speaks_of_a_path(file: Path) -> None:
    idle = [
        row
        for row in table(file)
        if not any(_alone(row, line.root.dialect, line.root.source, line.path.text) for line in ledger())
    ]
    assert idle == []


def _alone(row: dict[str, str], dialect: str, source: str, text: str) -> bool:
    return row["dialect"] == dialect and row["source"] in ("*", source) and fnmatchcase(text, row["path"])


@pytest.mark.parametrize("file", [LEFT_OUT, DIFFERENCES], ids=["left out", "differences"])
def test_every_exception_has_its_reason(file: Path) -> None:
    rows = table(file)
    assert rows
    assert all(len(row["reason"]) > 20 for row in rows)


def test_a_path_that_no_schema_names_is_not_covered() -> None:
    path = SpecPath("Message/content/*<text>/no_such_member")
    assert reached("anthropic-messages/message", path.steps)[2] == 2


def test_a_path_through_a_reference_and_a_condition_is_covered() -> None:
    assert reached("openai-responses/chunk", ("response", "output", "*", "content", "*", "text"))[2] == 6


def test_a_schema_that_refuses_a_documented_value_differs() -> None:
    path = SpecPath("X/y", frozenset({"string", "integer"}), nullable=True, enum=("a", "b"))
    assert list(differences(path, [{"type": "string"}, {"enum": ["a"]}], [{"required": ["y"]}])) == [
        "type integer", "null", "enum b", "required",
    ]  # fmt: skip


def test_a_schema_that_allows_more_is_no_difference() -> None:
    path = SpecPath("X/y", frozenset({"integer"}), required=True, enum=("a",))
    assert list(differences(path, [{"type": ["number", "null"]}, {"enum": ["a", "b"]}], [{}])) == []


def test_an_exception_names_its_dialect_and_source() -> None:
    chat = next(root for root in roots() if root.dialect == "openai-chat")
    assert not listed(LEFT_OUT, chat, "CreateChatCompletionResponse/choices")
