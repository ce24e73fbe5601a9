"""Counting recorded traffic into a field record: every exchange once, no body kept, the same bytes every time."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main
from conformance.knowledge.field import load_record

TRAFFIC = Path(__file__).parents[3] / "shared" / "traffic"
PROMPT = "the prompt that nobody may keep"


def line(number: int, *, total: int = 5, stream: bool = False, model: str = "m1") -> dict[str, Any]:
    body = {
        "id": f"c{number}", "object": "chat.completion", "created": 1_760_000_000, "model": model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "hi"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": total},
    }  # fmt: skip
    asked = {"model": model, "messages": [{"role": "user", "content": PROMPT}], "stream": stream}
    request = {"method": "POST", "url": "https://api.groq.com/openai/v1/chat/completions", "headers": {}, "body": asked}
    response = {"status": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}
    return {
        "id": f"x{number}", "session": None, "provider": None, "dialect": None, "fidelity": "full",
        "recorded_at": f"2026-0{number}-02T00:00:00Z", "request": request, "response": response,
    }  # fmt: skip


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.jsonl"
    lines = [line(1), line(2, total=9), line(3, model="m2")]
    path.write_text("".join(json.dumps(entry) + "\n" for entry in lines), "utf-8")
    return path


def test_findings_are_counted_by_model_rule_and_date(log: Path, tmp_path: Path) -> None:
    assert main(["field", str(log), "--out", str(tmp_path / "field")]) == 0
    record = load_record(tmp_path / "field")
    whole = record.get("groq", "openai-chat", "usage.sum")
    assert whole is not None
    assert (whole.judged, whole.with_finding, whole.first, whole.last) == (3, 1, date(2026, 1, 2), date(2026, 3, 2))
    own = record.get("groq", "openai-chat", "usage.sum", "m1")
    assert own is not None
    assert (own.judged, own.with_finding) == (2, 1)


def test_answers_without_a_stream_are_no_evidence_of_streaming(log: Path, tmp_path: Path) -> None:
    main(["field", str(log), "--out", str(tmp_path / "field")])
    assert load_record(tmp_path / "field").get("groq", "openai-chat", "streaming") is None


def test_no_prompt_is_kept(log: Path, tmp_path: Path) -> None:
    main(["field", str(log), "--out", str(tmp_path / "field")])
    assert PROMPT not in (tmp_path / "field" / "groq.csv").read_text("utf-8")


def test_the_same_traffic_gives_the_same_bytes(log: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        main(["field", str(log), "--out", str(tmp_path / name)])
    one, two = ((tmp_path / name / "groq.csv").read_bytes() for name in ("one", "two"))
    assert one == two


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--out", "x"], "--out needs PATH"),
        (["log.jsonl"], "PATH needs --out FOLDER"),
        (["--provider", "gorq"], "did you mean groq?"),
    ],
)
def test_a_wrong_call_is_one_line_and_exit_3(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["field", *words]) == 3
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1


def test_the_record_is_shown_by_provider(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["field", "--provider", "groq"]) == 0
    assert "groq, all models (openai-chat)\n  answers: " in capsys.readouterr().out


def test_the_command_reproduces_the_shipped_record(tmp_path: Path) -> None:
    if not (TRAFFIC / "exchanges").is_dir():
        pytest.skip("no recorded traffic beside the checkout")
    code = "import sys; from pathlib import Path; from tools.field_record import main; main(*map(Path, sys.argv[1:]))"
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code, str(TRAFFIC), str(tmp_path)], check=True, cwd=root, capture_output=True)
    shipped = root / "conformance" / "knowledge" / "field" / "data"
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in shipped.iterdir()}
    different = [path.name for path in tmp_path.iterdir() if path.read_bytes() != (shipped / path.name).read_bytes()]
    assert different == [], "write it anew: python -m tools.field_record ../shared/traffic"
