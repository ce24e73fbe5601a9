"""Spans of model calls: what a span tells is judged, and what it does not tell is no claim."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from span_samples import SPANS, logs, record, span, text, traces

from conformance.recording.importers import read_exchanges
from conformance.rules.judging import judge
from conformance.runs.whose import named, why_skipped
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange

if TYPE_CHECKING:
    from pathlib import Path

CHAT = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.response.model": "m"}


def exchanges(folder: Path, data: bytes, name: str = "spans.json") -> list[Exchange]:
    path = folder / name
    path.write_bytes(data)
    items = list(read_exchanges(path))
    assert all(isinstance(item, Exchange) for item in items), items
    return [item for item in items if isinstance(item, Exchange)]


def said(*parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"gen_ai.output.messages": [{"role": "assistant", "parts": list(parts), **more}]}


def one(folder: Path, attributes: dict[str, Any], **more: Any) -> Exchange:
    (exchange,) = exchanges(folder, text(traces(span(CHAT | attributes, **more))))
    return exchange


@pytest.mark.parametrize("name", SPANS)
def test_a_good_call_has_no_finding_and_claims_no_wire(name: str, tmp_path: Path) -> None:
    (exchange,) = exchanges(tmp_path, SPANS[name], name)
    judgement = judge(Case(exchange))
    assert judgement.checked
    assert not judgement.findings
    assert exchange.fidelity == "parsed"
    assert not exchange.on_wire


def test_a_call_of_a_tool_keeps_its_arguments_and_its_result(tmp_path: Path) -> None:
    history = [
        {"role": "user", "parts": [{"type": "text", "content": "Weather?"}]},
        {
            "role": "assistant",
            "parts": [{"type": "tool_call", "id": "c1", "name": "look", "arguments": {"at": "Nantes"}}],
        },
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "response": "rain"}]},
    ]
    again = said(
        {"type": "tool_call", "id": "c2", "name": "look", "arguments": {"at": "Brest"}}, finish_reason="tool_call"
    )
    case = Case(one(tmp_path, {"gen_ai.input.messages": history} | again))
    (choice,) = case.reply.choices
    assert [(call.name, json.loads(call.arguments)) for call in choice.tool_calls] == [("look", {"at": "Brest"})]
    assert choice.finish_reason == "tool_calls"
    roles = [message["role"] for message in case.exchange.request.json["messages"]]
    assert roles == ["user", "assistant", "tool"]
    assert not judge(case).findings


def test_what_the_span_tells_wrongly_is_found(tmp_path: Path) -> None:
    cut = one(tmp_path, said({"type": "tool_call", "id": "c", "name": "look", "arguments": '{"at": "Nan'}))
    assert [f.rule for f in judge(Case(cut)).findings if f.severity == "error"]


def test_an_answer_that_was_not_kept_is_skipped_and_says_so(tmp_path: Path) -> None:
    failed = one(tmp_path, {"error.type": "timeout"}, status={"code": 2})
    silent = one(tmp_path, {"gen_ai.response.finish_reasons": ["stop"]})
    picture = one(tmp_path, said({"type": "blob", "modality": "image", "content": "aGVs"}))
    why = [why_skipped(Case(item)) for item in (failed, silent, picture)]
    assert why == ["its record tells timeout", "its record tells no answer", "its record tells no answer"]


def test_steps_of_agents_tools_and_embeddings_are_no_calls(tmp_path: Path) -> None:
    others = [
        span({"gen_ai.operation.name": name, "gen_ai.request.model": "m", **said({"type": "text", "content": "x"})})
        for name in ("invoke_agent", "execute_tool", "embeddings")
    ]
    kinds = [
        span({"openinference.span.kind": kind, "llm.output_messages.0.message.content": "x"})
        for kind in ("AGENT", "TOOL")
    ]
    assert exchanges(tmp_path, text(traces(*others, *kinds))) == []


def test_calls_of_the_ai_sdk_keep_their_tools_and_results(tmp_path: Path) -> None:
    schema = {"type": "object", "properties": {"at": {"type": "string"}}, "required": ["at"]}
    history = [
        {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
        {
            "role": "assistant",
            "content": [{"type": "tool-call", "toolCallId": "c1", "toolName": "look", "input": {"at": "x"}}],
        },
        {
            "role": "tool",
            "content": [{"type": "tool-result", "toolCallId": "c1", "toolName": "look", "output": "rain"}],
        },
    ]
    told = {
        "ai.operationId": "ai.streamText.doStream",
        "ai.prompt.messages": json.dumps(history),
        "ai.prompt.tools": [json.dumps({"type": "function", "name": "look", "inputSchema": schema})],
        "ai.response.toolCalls": json.dumps([{"toolCallId": "c2", "toolName": "look", "input": '{"at": "y"}'}]),
        "gen_ai.response.finish_reasons": ["tool-calls"],
    }
    exchange = one(tmp_path, told)
    case = Case(exchange)
    assert [(call.name, call.arguments) for call in case.reply.choices[0].tool_calls] == [("look", '{"at": "y"}')]
    assert exchange.request.json["tools"][0]["function"]["parameters"] == schema
    assert exchange.request.json["messages"][-1]["content"] == "rain"
    assert not judge(case).findings


def test_an_answer_is_the_assistant_s_whatever_its_role_is_called(tmp_path: Path) -> None:
    told = {"gen_ai.output.messages": json.dumps({"role": "model", "parts": [{"text": "x"}]})}
    case = Case(one(tmp_path, told))
    assert case.reply.choices[0].text == "x"
    assert not judge(case).findings


def test_a_reason_that_nobody_told_is_no_finding(tmp_path: Path) -> None:
    for told in (
        {},
        {"gen_ai.response.finish_reasons": ["FinishReason.STOP"]},
        {"gen_ai.response.finish_reasons": ["end_turn"]},
    ):
        exchange = one(tmp_path, said({"type": "text", "content": "x"}) | told)
        assert Case(exchange).reply.choices[0].finish_reason == "stop"
        assert not judge(Case(exchange)).findings


def test_messages_that_are_pieces_of_one_answer_are_one_choice(tmp_path: Path) -> None:
    messages = [{"role": "assistant", "parts": [{"type": "text", "content": word}]} for word in ("a", "b")]
    told = {"gen_ai.output.messages": messages}
    assert [choice.text for choice in Case(one(tmp_path, told)).reply.choices] == ["ab"]
    several = told | {"gen_ai.request.choice.count": 2}
    assert [choice.text for choice in Case(one(tmp_path, several)).reply.choices] == ["a", "b"]


def test_the_address_says_whose_answer_it_is_and_else_the_name(tmp_path: Path) -> None:
    asked = said({"type": "text", "content": "x"}) | {"gen_ai.provider.name": "openai"}
    away = one(tmp_path, asked | {"server.address": "api.groq.com"})
    assert (away.provider, away.request.url) == (None, "https://api.groq.com/v1/chat/completions")
    assert one(tmp_path, asked).provider == "openai"
    known = frozenset({"mistral", "bedrock", "azure", "openai", "xai"})
    names = ("aws.bedrock", "mistral_ai", "azure.ai.openai", "x_ai", "gcp.gen_ai")
    assert [named(name, known) for name in names] == ["bedrock", "mistral", "azure", "xai", None]


def test_records_of_one_span_are_one_call_and_of_two_spans_two(tmp_path: Path) -> None:
    def told(number: int) -> list[dict[str, Any]]:
        choice = record(
            "gen_ai.choice", {}, {"index": 0, "finish_reason": "stop", "message": {"content": f"n{number}"}}
        )
        asked = record("gen_ai.user.message", {}, {"content": "x"})
        return [{**row, "spanId": f"s{number}"} for row in (asked, choice)]

    found = exchanges(tmp_path, text(logs(*told(1), *told(2)), None), "logs.jsonl")
    assert [Case(item).reply.choices[0].text for item in found] == ["n1", "n2"]


def test_exchanges_of_several_lines_are_numbered_through(tmp_path: Path) -> None:
    line = text(traces(span(CHAT | said({"type": "text", "content": "x"}))), None)
    found = exchanges(tmp_path, b"\n".join([line] * 3), "traces.jsonl")
    assert [item.interaction for item in found] == [0, 1, 2]
    assert len({item.id for item in found}) == 3
    assert len({item.session for item in found}) == 1


@pytest.mark.parametrize("alone", [lambda row: row, lambda row: [row], lambda row: [row, {**row, "spanId": "b2"}]])
def test_a_span_outside_of_its_export_is_read(alone: Any, tmp_path: Path) -> None:
    row = span(CHAT | said({"type": "text", "content": "Rain."}, finish_reason="stop"))
    kept = alone(row)
    found = exchanges(tmp_path, text(kept))
    assert len(found) == (len(kept) if isinstance(kept, list) else 1)
    assert Case(found[0]).reply.choices[0].text == "Rain."


@pytest.mark.parametrize("attributes", [[], ["gen_ai.response.id"], [{"key": "gen_ai.response.id"}]])
def test_a_list_of_other_attributes_is_no_span(attributes: Any, tmp_path: Path) -> None:
    path = tmp_path / "spans.json"
    path.write_bytes(text({"name": "chat", "attributes": attributes, "note": "gen_ai.response.id"}))
    assert not [item for item in read_exchanges(path) if isinstance(item, Exchange)]
