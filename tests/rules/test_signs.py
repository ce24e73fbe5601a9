"""A sign that is looked for before a grammar stands in everything that the grammar matches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from conformance.rules import content
from conformance.rules.views import leaked_thoughts

if TYPE_CHECKING:
    from collections.abc import Callable

#: The grammars, and who decides by their signs: under their own names, so that a new branch without its sign is seen here.
_ROLE_TURNS = vars(content)["_ROLE_TURNS"]
_MARK = vars(leaked_thoughts)["_MARK"]


def is_role_turn(text: str) -> bool:
    find: Callable[[str, str], Any] = vars(content)["_role_turns"]
    return find(text, "") is not None


def may_be_mark(text: str) -> bool:
    return any(sign in text for sign in vars(leaked_thoughts)["_SIGNS"])


@settings(max_examples=300, deadline=None)
@given(some.from_regex(_ROLE_TURNS))
def test_turns_of_another_role_have_a_sign(text: str) -> None:
    assert is_role_turn(text) or not _ROLE_TURNS.search(text)


@settings(max_examples=300, deadline=None)
@given(some.from_regex(_MARK))
def test_marks_of_thoughts_have_a_sign(text: str) -> None:
    assert may_be_mark(text) or not _MARK.search(text)


@pytest.mark.parametrize(
    "text",
    ["Observation: x", "assistant\nx", "x\n\nHuman: x", "x.\nuser\nx\nassistant\n", "\n## User:\nx\n## Assistant:"],
)
def test_each_kind_of_turn_is_found(text: str) -> None:
    assert is_role_turn(text)


@pytest.mark.parametrize(
    "text",
    [
        "<think>x",
        "/think> x",
        "x</think",
        "[/THINK]",
        "x\n...done thinking.",
        "\u25c1think\u25b7",
        "\u3010/think\u3011",
    ],
)
def test_each_kind_of_mark_may_be_one(text: str) -> None:
    assert _MARK.search(text)
    assert may_be_mark(text)
