"""Lines and bodies that use an API's words for something else, and answers that an SDK printed in words of its own."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from conformance.providers import load_providers
from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.rules.table import Severity
from conformance.runs.audit import audit
from conformance.wire.dialects.bodies import spoken_by

if TYPE_CHECKING:
    from pathlib import Path

RESPONSE: dict[str, Any] = {"id": "resp_1", "object": "response", "model": "m", "status": "completed", "output": []}
ANSWER: dict[str, Any] = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1790000000,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Rain."}, "finish_reason": "stop"}],
}


@pytest.mark.parametrize(
    ("body", "dialect"),
    [
        (RESPONSE, "openai-responses"),
        ({"type": "response", "command": "prompt", "success": True}, None),
        ({"type": "response", "request_id": "r", "result": {}}, None),
        ({"type": "embedding", "vector": [0.1]}, None),
        ({"type": "interaction", "clicks": 2}, None),
        ({"type": "message", "role": "assistant", "content": [], "model": "m"}, "anthropic-messages"),
        ({"event_type": "interaction.start"}, "gemini-interactions"),
        ({"type": "response.created", "response": RESPONSE}, "openai-responses"),
    ],
)
def test_a_body_of_responses_says_so_under_object(body: dict[str, Any], dialect: str | None) -> None:
    spoken = spoken_by(body)
    assert (spoken.dialect if spoken else None) == dialect


AGENT = [
    {"type": "system", "subtype": "init", "model": "m", "note": "finish_reason of https://a.example"},
    {"type": "control_request", "request_id": "1", "request": {"subtype": "can_use_tool", "tool_name": "ask"}},
    {"type": "response", "command": "prompt", "success": True},
    {"type": "turn", "message": {"role": "assistant", "usage": {"input": 1}}},
    {"type": "turn", "message": {"role": "assistant", "usage": {"input": 2}}},
    {"type": "result", "stop_reason": "end_turn"},
]


def _lines(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def test_an_agent_s_own_protocol_is_one_file_of_no_known_form(tmp_path: Path) -> None:
    items = list(read_exchanges(_lines(tmp_path / "run.ndjson", AGENT), named=False))
    assert [type(item) for item in items] == [Unreadable]
    assert isinstance(items[0], Unreadable)
    assert items[0].passed_over == "of lines that are no exchanges"


@pytest.mark.parametrize(
    "broken",
    [
        {"request": {"url": "https://a.example/v1/chat/completions", "body": {}}},
        {"request": {"method": "POST", "headers": {}}},
        {"request": {"model": "m"}, "response": 7},
    ],
)
def test_a_line_that_is_meant_as_an_exchange_is_told(tmp_path: Path, broken: dict[str, Any]) -> None:
    items = list(read_exchanges(_lines(tmp_path / "log.jsonl", [broken, *AGENT]), named=False))
    assert len(items) > 1
    assert any(isinstance(item, Unreadable) and item.passed_over is None for item in items)


DUMP = {
    "sdk_http_response": {"headers": {}},
    "candidates": [
        {"content": {"parts": [{"text": "Rain."}], "role": "model"}, "finish_reason": "STOP", "index": None}
    ],
    "model_version": "gemini-2.5-flash",
    "usage_metadata": {"prompt_token_count": 3, "candidates_token_count": 2, "total_token_count": 5},
}
WIRE = {"candidates": [{"content": {"parts": [{"text": "Rain."}], "role": "model"}, "finish_reason": "STOP"}]}


@pytest.mark.parametrize(
    ("row", "fidelity"),
    [
        (DUMP, "sdk-level"),
        ({"input": {"model": "g", "contents": "Rain?"}, "output": DUMP}, "sdk-level"),
        ({"input": {"model": "g", "contents": "Rain?"}, "output": json.dumps(DUMP)}, "sdk-level"),
        (WIRE, "response-only"),
        ({"input": {"model": "g", "contents": []}, "output": {**WIRE, "modelVersion": "g"}}, "parsed"),
    ],
)
def test_what_a_python_sdk_prints_of_an_answer_is_no_answer_of_the_wire(
    tmp_path: Path, row: dict[str, Any], fidelity: str
) -> None:
    (tmp_path / "row.json").write_text(json.dumps(row))
    (exchange,) = read_exchanges(tmp_path / "row.json")
    assert not isinstance(exchange, Unreadable)
    assert exchange.fidelity == fidelity


def test_an_event_stream_that_is_kept_as_bytes_is_read_and_other_bytes_are_not(tmp_path: Path) -> None:
    chunk = {**ANSWER, "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "R"}}]}
    (tmp_path / "a.bin").write_text(f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n")
    (tmp_path / "b.bin").write_bytes(b"GGUF\0\0chat.completion finish_reason POST" * 9)
    (tmp_path / "c.bin").write_text('data: {"temperature": 21}\n\n')
    assert list(find_files([tmp_path])) == [tmp_path / "a.bin"]


@pytest.mark.parametrize(("kept", "model"), [({}, "m"), ({"request": {"model": "asked"}}, "asked")])
def test_an_answer_without_its_request_names_its_model(tmp_path: Path, kept: dict[str, Any], model: str) -> None:
    asked = {**kept.get("request", {}), "messages": [{"role": "user", "content": "Rain?"}]} if kept else None
    row = {"input": asked, "output": ANSWER} if asked else ANSWER
    (tmp_path / "row.json").write_text(json.dumps(row))
    out = io.StringIO()
    known: Any = {
        "fail_on": Severity.ERROR,
        "as_of": date(2026, 11, 30),
        "providers": load_providers(),
        "format": "jsonl",
    }
    audit([tmp_path / "row.json"], out=out, **known)
    assert json.loads(out.getvalue())["model"] == model


ASKED = {"model": "m", "messages": [{"role": "user", "content": "Rain?"}]}
CALLED = {"id": "2", "input": ASKED, "output": ANSWER}


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        ([{"id": "1", "input": None, "output": None}, CALLED], [True]),
        ([{"id": "1", "inputs": None}, CALLED, {"id": "3", "request": None, "response": None}], [True]),
        ([{"id": "1", "input": ASKED, "output": None}, CALLED], [False, True]),
        ([{"id": "1", "note": "a row of another table"}, CALLED], [False, True]),
        ([{"id": "1", "dotted_order": "2026Z1", "inputs": ASKED, "outputs": ANSWER}, CALLED], [True]),
    ],
)
def test_a_row_that_holds_no_call_is_passed_over_and_half_a_call_is_told(
    tmp_path: Path, rows: list[Any], kinds: list[bool]
) -> None:
    (tmp_path / "rows.json").write_text(json.dumps({"data": rows}))
    items = read_exchanges(tmp_path / "rows.json")
    assert [not isinstance(item, Unreadable) for item in items] == kinds
