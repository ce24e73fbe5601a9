"""An audit in parts: whoever works on it, its rows are the same bytes in the same order, and no session is cut."""

from __future__ import annotations

import io
import json
import pickle
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from conformance.errors import UnusableInputError
from conformance.providers import load_providers
from conformance.rules.table import Severity
from conformance.runs import partitions
from conformance.runs.audit import audit
from conformance.runs.auditor import AuditSettings
from conformance.runs.engines import engine_address, in_order
from conformance.runs.partitions import Files, Lines, audit_part, lines_of, parts_of

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = AuditSettings(Severity.ERROR, date(2026, 11, 21), load_providers())
URL = "https://api.example.com/v1/chat/completions"
ASKED = {"method": "POST", "url": URL, "body": {"model": "m", "messages": [{"role": "user", "content": "hi"}]}}


def row(number: int, **more: Any) -> str:
    answer = {
        "id": f"c{number}",
        "object": "chat.completion",
        "created": 1780000000 + number,
        "model": "m",
        "choices": [],
    }
    return json.dumps(
        {"id": f"x{number}", "request": ASKED, "response": {"status": 200, "headers": {}, "body": answer}, **more}
    )


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "PART_BYTES", 1000)


def written(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def outcome(paths: list[Path], **options: Any) -> tuple[int, str]:
    out = io.StringIO()
    code = audit(
        paths,
        fail_on=Severity.ERROR,
        as_of=SETTINGS.as_of,
        providers=SETTINGS.providers,
        out=out,
        format="jsonl",
        **options,
    )
    return code, out.getvalue()


def judged_in_parts(path: Path) -> list[Any]:
    return [item for part in parts_of([path], SETTINGS) for item in audit_part(part, SETTINGS)]


def test_ranges_of_lines_give_the_rows_of_the_whole_file(tmp_path: Path) -> None:
    lines = [row(number, session=f"s{number // 3}" if number % 4 else None) for number in range(40)]
    path = written(tmp_path / "a.jsonl", *lines[:10], "", "   ", "{not json", *lines[10:])
    assert len(lines_of(path)) > 5
    assert judged_in_parts(path) == audit_part(Files(((str(path), True),)), SETTINGS)


def test_no_range_cuts_a_session_however_far_it_spreads(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.jsonl", *(row(number, session="far" if number in {8, 20} else None) for number in range(40))
    )
    (around,) = [part for part in lines_of(path) if part.number <= 8 < part.number + part.exchanges]
    assert around.number + around.exchanges > 20
    assert judged_in_parts(path) == audit_part(Files(((str(path), True),)), SETTINGS)


def test_lines_of_several_exchanges_or_of_a_part_of_one_keep_their_numbers(tmp_path: Path) -> None:
    several = json.dumps(
        {
            "log": {
                "entries": [{"request": {"method": "POST", "url": URL, "headers": []}, "response": {"status": 500}}] * 3
            }
        }
    )
    chunk = json.dumps(
        {"id": "c", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "a" * 60}}]}
    )
    lines = [row(number) for number in range(30)]
    path = written(tmp_path / "a.jsonl", *lines[:12], several, *lines[12:20], *[chunk] * 20, *lines[20:])
    whole = audit_part(Files(((str(path), True),)), SETTINGS)

    class Ready:
        def __init__(self, items: list[Any]) -> None:
            self.result = lambda: items

    parts = list(parts_of([path], SETTINGS))
    assert len(parts) > 5
    assert list(in_order(parts, SETTINGS, lambda part: Ready(audit_part(part, SETTINGS)), 3)) == whole


def test_two_processes_write_the_bytes_of_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in "abc":
        written(tmp_path / f"{name}.jsonl", *(row(number, session=name) for number in range(6)), "{")
    alone, said = outcome([tmp_path]), capsys.readouterr().err
    assert outcome([tmp_path], jobs=2) == alone
    assert capsys.readouterr().err == said
    assert alone[0] == 3


def test_a_part_its_settings_and_its_rows_can_be_sent(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", row(1))
    part, settings = pickle.loads(pickle.dumps((Lines(str(path), 0, path.stat().st_size, 1, 0, 1), SETTINGS)))  # noqa: S301 - our own
    assert pickle.loads(pickle.dumps(audit_part(part, settings))) == audit_part(part, SETTINGS)  # noqa: S301


def test_an_engine_that_nobody_knows_is_refused() -> None:
    assert engine_address("dask") is None
    assert engine_address("dask://h:8786") == "tcp://h:8786"
    with pytest.raises(UnusableInputError, match="dask"):
        engine_address("slurm")


def test_a_line_that_is_too_long_costs_itself_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.recording.importers.long_lines.LARGEST", 2000)
    path = written(tmp_path / "a.jsonl", row(0), row(1, meta={"x": "y" * 5000}), row(2))
    code, text = outcome([path])
    assert ["error" in json.loads(line) for line in text.splitlines()] == [False, True, False]
    assert "a line of 0 MB" in text
    assert code == 3


def test_rows_are_written_by_provider_and_day_with_the_summary(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra cluster is not installed")
    pytest.importorskip("fsspec", reason="the extra cluster is not installed")
    path = written(
        tmp_path / "a.jsonl",
        row(0, provider="groq", recorded_at="2026-11-01T00:00:00Z"),
        row(1, provider="groq"),
        row(2),
    )
    outcome([path], output=str(tmp_path / "out"))
    names = {file.relative_to(tmp_path / "out").parts[:-1] for file in (tmp_path / "out").rglob("*.parquet")}
    assert names == {
        ("provider=groq", "day=2026-11-01"),
        ("provider=groq", "day=unknown"),
        ("provider=unknown", "day=unknown"),
    }
    (file,) = (tmp_path / "out" / "provider=groq" / "day=2026-11-01").glob("*.parquet")
    assert parquet.read_table(file).to_pylist()[0]["id"] == "x0"
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["exchanges"] == 3


def test_objects_at_an_address_are_read_from_copies() -> None:
    fsspec = pytest.importorskip("fsspec", reason="the extra cluster is not installed")
    store = fsspec.filesystem("memory")
    for name in ("b.jsonl", "a.jsonl"):
        store.pipe(f"/bucket/{name}", f"{row(1)}\n".encode())
    code, text = outcome(["memory://bucket"])  # type: ignore[list-item]
    assert [json.loads(line)["source"] for line in text.splitlines()] == [
        "memory://bucket/a.jsonl",
        "memory://bucket/b.jsonl",
    ]
    assert code == 1
