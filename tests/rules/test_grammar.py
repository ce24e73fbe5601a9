"""The grammar of each dialect is data, and the rules over it are one engine. Mutants are made from the data."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from conformance.schemas import SCHEMAS
from conformance.schemas.validators import explain
from conformance.wire.dialects.grammar_file import grammar_of, grammars
from tests.native import (
    ANTHROPIC,
    ANTHROPIC_EVENTS,
    ANTHROPIC_REQUEST,
    COHERE,
    COHERE_EVENTS,
    COHERE_REQUEST,
    CONVERSE_EVENTS,
    CONVERSE_REQUEST,
    CONVERSE_STREAM,
    OLLAMA,
    OLLAMA_LINES,
    OLLAMA_REQUEST,
    RESPONSES,
    RESPONSES_EVENTS,
    RESPONSES_REQUEST,
    broken,
    copied,
    framed,
    judged,
    lines,
    sse,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Events = list[dict[str, Any]]


class Sample(NamedTuple):
    """A conforming stream, how it is sent, and the rule on its order."""

    rule: str
    url: str
    request: dict[str, Any]
    events: Events
    write: Callable[[Events], object]


def _numbered(events: Events) -> str:
    return sse([{**event, "sequence_number": number} for number, event in enumerate(events)])


SAMPLES = {
    "anthropic-messages": Sample("anthropic.event_sequence", ANTHROPIC, ANTHROPIC_REQUEST, ANTHROPIC_EVENTS, sse),
    "bedrock-converse": Sample("bedrock.event_sequence", CONVERSE_STREAM, CONVERSE_REQUEST, CONVERSE_EVENTS, framed),
    "cohere": Sample("cohere.event_sequence", COHERE, COHERE_REQUEST, COHERE_EVENTS, sse),
    "ollama": Sample("ollama.done_last", OLLAMA, OLLAMA_REQUEST, OLLAMA_LINES, lines),
    "openai-responses": Sample("responses.event_sequence", RESPONSES, RESPONSES_REQUEST, RESPONSES_EVENTS, _numbered),
}


def rules_on(name: str, events: Events) -> set[str]:
    sample = SAMPLES[name]
    label = "application/x-ndjson" if name == "ollama" else None
    return broken(judged(sample.url, {**sample.request, "stream": True}, sample.write(events), content_type=label))


def _name(name: str, event: dict[str, Any]) -> str:
    word = grammar_of(name).word
    return str(event.get(word)).lower() if word else next(iter(event))


def _mutants() -> Iterator[tuple[str, str, Events]]:
    """Yield streams that break the order: what opens, closes, begins or ends is lost, or comes twice, or something follows the end."""
    for name, sample in SAMPLES.items():
        grammar = grammar_of(name)
        for number, event in enumerate(sample.events):
            word = grammar.words.get(_name(name, event))
            if word is None:
                continue
            whole = word.family is None and (grammar.one_at_a_time or not grammar.item or len(word.index) == 1)
            if word.step in {"begin", "end", "last"} or (word.step in {"open", "close"} and whole):
                yield name, f"{number}: {word.name} is lost", [*sample.events[:number], *sample.events[number + 1 :]]
            if word.step in {"begin", "end"} or (word.step in {"open", "close"} and whole):
                yield (
                    name,
                    f"{number}: {word.name} comes twice",
                    [*sample.events[: number + 1], *sample.events[number:]],
                )
        yield (
            name,
            "a part follows the end",
            [*sample.events, copied(sample.events[-2 if grammar.one_at_a_time else 0])],
        )


MUTANTS = list(_mutants())


@pytest.mark.parametrize("name", grammars())
def test_a_grammar_has_the_form_that_its_schema_says(name: str) -> None:
    data = tomllib.loads((SCHEMAS / name / "grammar.toml").read_text("utf-8"))
    assert explain("grammar", data) is None
    named = set(data["events"])
    for entry in data["events"].values():
        assert {entry.get("opened_by", next(iter(named))), *entry.get("follows", ())} <= named


@pytest.mark.parametrize("name", SAMPLES)
def test_a_conforming_stream_keeps_its_grammar(name: str) -> None:
    assert not {rule for rule in rules_on(name, SAMPLES[name].events) if rule == SAMPLES[name].rule}


@pytest.mark.parametrize(
    ("name", "events"), [(row[0], row[2]) for row in MUTANTS], ids=[f"{m[0]}: {m[1]}" for m in MUTANTS]
)
def test_a_stream_out_of_order_is_found(name: str, events: Events) -> None:
    assert SAMPLES[name].rule in rules_on(name, events)


def test_every_step_of_every_grammar_makes_a_mutant() -> None:
    assert len(MUTANTS) > 40
    assert {row[0] for row in MUTANTS} == set(SAMPLES)


def _at(events: Events, number: int, *path: str, value: Any) -> Events:
    result: Events = copied(events)
    holder: Any = result[number]
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return result


@pytest.mark.parametrize(
    ("name", "rule", "number", "path", "value"),
    [
        ("anthropic-messages", "anthropic.delta_matches_block", 7, ("delta", "type"), "thinking_delta"),
        ("bedrock-converse", "bedrock.delta_matches_block", 9, ("contentBlockDelta", "delta"), {"text": "{}"}),
        ("cohere", "cohere.delta_matches_part", 2, ("delta", "message", "content"), {"thinking": "Hm."}),
        ("openai-responses", "responses.delta_matches_part", 4, ("type",), "response.refusal.delta"),
        ("openai-responses", "responses.delta_matches_part", 10, ("type",), "response.custom_tool_call_input.delta"),
        ("openai-responses", "responses.id_stable", 13, ("item", "call_id"), "call_other"),
        ("openai-responses", "responses.id_stable", 13, ("item", "name"), "get_time"),
        ("openai-responses", "responses.id_stable", 13, ("item", "name"), ""),
    ],
)
def test_a_delta_or_a_name_that_does_not_fit_its_part_is_found(
    name: str, rule: str, number: int, path: tuple[str, ...], value: Any
) -> None:
    events = SAMPLES[name].events
    assert rule not in rules_on(name, events)
    assert rule in rules_on(name, _at(events, number, *path, value=value))


def test_a_delta_after_its_part_was_done_is_found() -> None:
    closed = [*COHERE_EVENTS[:4], COHERE_EVENTS[2], *COHERE_EVENTS[4:]]
    assert "cohere.event_sequence" in rules_on("cohere", closed)


@pytest.mark.parametrize(
    ("status", "fires"), [("completed", True), ("incomplete", False), ("in_progress", False), (None, False)]
)
def test_a_cut_response_has_a_cut_item(status: str | None, *, fires: bool) -> None:
    cut = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
    response = RESPONSES_EVENTS[-1]["response"]
    output = [*response["output"][:-1], {**response["output"][-1], "status": status}]
    answer = {**response, **cut, "output": output}
    assert ("responses.cut_item" in broken(judged(RESPONSES, RESPONSES_REQUEST, answer))) is fires
