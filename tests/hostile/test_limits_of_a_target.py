"""Claims about a target as a whole: what it may take and bring in a run is bounded, whatever each answer is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from world import RULE, Answer, completion

from conformance.asking import limits, stopping

if TYPE_CHECKING:
    import pytest
    from world import FakeServer, World


def test_a_target_whose_answers_have_too_many_bytes_in_all_is_left(
    world: World, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "_MOST_BYTES", 1000)
    server.answer = lambda _: Answer(completion(content="The sky is blue. " * 100))
    result = world.call(
        "record",
        "fake/m",
        "--providers",
        "providers",
        "--as-of",
        "2026-11-21",
        "-k",
        f"{RULE} or content.text_integrity",
    )
    assert len(server.asked) == 1
    assert "more than any target's" in result.out + result.err


def test_answers_that_are_no_use_get_less_and_less_time() -> None:
    patience = limits.Patience()
    assert patience.deadline(80) == 80
    patience.spent = 80
    assert patience.deadline(80) == 10
    patience.spent = 90
    assert (patience.deadline(80), patience.left) == (4, 0)
