"""Google's Interactions API in the neutral words that rules compare."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.wire.dialects import dialect_of
from conformance.wire.exchange import Exchange, Request
from tests.native import INTERACTION as WHOLE
from tests.native import INTERACTIONS as URL
from tests.native import INTERACTIONS_EVENTS as EVENTS
from tests.native import INTERACTIONS_REQUEST as ASKED
from tests.native import broken, case, judged, sse


def framed(events: list[dict[str, Any]]) -> str:
    named = "".join(f"event: {event['event_type']}\n{sse([event], named=False)}" for event in events)
    return f"{named}event: done\ndata: [DONE]\n\n"


@pytest.mark.parametrize("answer", [WHOLE, framed(EVENTS)], ids=["body", "events"])
def test_thoughts_words_and_calls_are_told_apart(answer: object) -> None:
    reply = case(URL, ASKED, answer).reply
    (choice,) = reply.choices
    assert (choice.text, choice.reasoning, choice.finish_reason) == (
        "Let me look.",
        "I need the weather.",
        "tool_calls",
    )
    (call,) = choice.tool_calls
    assert (call.id, call.name, call.arguments) == ("c2", "get_weather", '{"city": "Paris"}')
    (report,) = reply.usages
    assert (report.value["prompt_tokens"], report.value["completion_tokens"], report.value["total_tokens"]) == (
        12,
        60,
        72,
    )
    assert reply.complete
    assert reply.envelopes[0].id == "v1_a"
    assert [part.type for part in reply.tape if type(part).__name__ == "Opened"] == [
        "thought",
        "model_output",
        "function_call",
    ]


@pytest.mark.parametrize("answer", [WHOLE, framed(EVENTS)], ids=["body", "events"])
def test_a_conforming_answer_breaks_no_rule(answer: object) -> None:
    assert not broken(judged(URL, {**ASKED, "stream": isinstance(answer, str)}, answer))


def test_a_request_reads_in_neutral_terms() -> None:
    asked = case(URL, ASKED, WHOLE).asked
    assert (asked.model, asked.max_tokens, asked.temperature, list(asked.tools)) == (
        "gemini-example",
        64,
        0,
        ["get_weather"],
    )
    assert [(turn.role, turn.text) for turn in asked.turns] == [
        ("system", "Be short."),
        ("user", "Weather in Paris?"),
        ("assistant", ""),
        ("tool", ""),
    ]
    plain = case(URL, {"model": "m", "input": "Hi"}, WHOLE).asked
    assert [turn.text for turn in plain.turns] == ["Hi"]


def test_a_stream_without_its_end_is_cut_and_an_error_is_one() -> None:
    streaming = {**ASKED, "stream": True}
    assert broken(judged(URL, streaming, framed(EVENTS[:9]))) == {"stream.truncated_without_finish"}
    failed = [*EVENTS[:9], {"event_type": "error", "error": {"code": "internal", "message": "stopped"}}]
    assert "stream.failed_midway" in broken(judged(URL, streaming, framed(failed)))


def test_it_is_claimed_by_its_path() -> None:
    found = dialect_of(Exchange("x", Request("POST", URL)))
    assert found is not None
    assert found.name == "gemini-interactions"
    assert dialect_of(Exchange("x", Request("GET", f"{URL}/v1_a"))) is None
