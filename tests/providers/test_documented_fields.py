"""A note on a field that the named provider documents is no note; a field of another name, place, dialect or provider stays one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.cli import main
from conformance.providers import load_providers
from tests.mutation.wire import ask, plain, said

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def noted(provider: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], usage: dict[str, Any]) -> list[str]:
    """Return the pointers of the notes on unknown fields of one answer's usage."""
    exchange = plain(
        ask(), said("The Loire."), usage={"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5, **usage}
    )
    assert exchange.response is not None
    line = {
        "id": "x", "provider": provider, "dialect": "openai-chat", "recorded_at": "2026-11-01T00:00:00Z",
        "request": {"method": "POST", "url": exchange.request.url, "headers": {}, "body": exchange.request.json},
        "response": {"status": 200, "headers": dict(exchange.response.headers), "body": json.loads(exchange.response.body)},
    }  # fmt: skip
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps(line) + "\n", "utf-8")
    main(["audit", str(path), "--format", "jsonl"])
    row = json.loads(capsys.readouterr().out.splitlines()[0])
    return [item["pointer"] for item in row["findings"] if item["rule"] == "schema.unknown_field"]


def test_a_documented_field_is_no_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert noted("groq", tmp_path, capsys, {"queue_time": 0.1}) == []


def test_the_field_stays_a_note_at_a_provider_that_does_not_document_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert noted("cerebras", tmp_path, capsys, {"queue_time": 0.1}) == ["/usage/queue_time"]


def test_another_field_stays_a_note(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert noted("groq", tmp_path, capsys, {"queue_length": 3}) == ["/usage/queue_length"]


def test_what_stands_within_a_documented_field_belongs_to_it() -> None:
    entry = next(entry for entry in load_providers()["openrouter"].documented)
    assert entry.names("/usage/cost_details/upstream_inference_cost", "openai-chat")
    assert not entry.names("/usage/cost_detailed", "openai-chat")
    assert not entry.names("/usage/cost_details", "openai-responses")
