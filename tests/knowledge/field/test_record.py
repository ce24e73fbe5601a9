"""The field record: counts of findings in real recordings, which claim no more than they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.errors import UnusableInputError
from conformance.knowledge.field import ANY_MODEL, Confidence, Entry, FieldRecord, confidence, load_record, sentence
from conformance.knowledge.field.record import COLUMNS, as_csv

if TYPE_CHECKING:
    from pathlib import Path

HEAD = ",".join(COLUMNS)


def entry(judged: int = 46, with_finding: int = 0, **changes: object) -> Entry:
    values: dict[str, object] = {
        "provider": "groq", "model": ANY_MODEL, "dialect": "openai-chat", "rule": "tool calls", "judged": judged,
        "with_finding": with_finding, "first": date(2024, 3, 1), "last": date(2026, 10, 2), "sources": 5,
    }  # fmt: skip
    return Entry(**{**values, **changes})  # type: ignore[arg-type]


def test_clean_recordings_are_told_with_number_dates_and_interval() -> None:
    assert sentence(entry()) == (
        "0 of 46 public recordings (2024-03 to 2026-10, 5 sources) break a client; 95 % interval 0 % to 8 %, confidence high"
    )


@pytest.mark.parametrize(("judged", "word"), [(1, Confidence.LOW), (20, Confidence.MEDIUM), (200, Confidence.HIGH)])
def test_few_recordings_have_little_confidence(judged: int, word: Confidence) -> None:
    assert confidence(entry(judged)) is word


def test_a_rule_with_findings_is_not_said_to_break_a_client() -> None:
    assert "have a finding" in sentence(entry(10, 2, rule="usage.sum"))


def test_a_model_without_its_own_line_has_its_providers() -> None:
    own, whole = entry(3, model="m"), entry(46)
    record = FieldRecord.of([own, whole])
    assert record.get("groq", "openai-chat", "tool calls", "m") is own
    assert record.get("groq", "openai-chat", "tool calls", "other") is whole
    assert record.get("groq", "openai-chat", "usage") is None


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 1), st.sampled_from(["a", "b,c", 'd"e', "ü"])), max_size=6))
def test_files_read_back_as_written(lines: list[tuple[int, int, str]]) -> None:
    import tempfile  # noqa: PLC0415 - hypothesis has no function-scoped tmp_path
    from pathlib import Path  # noqa: PLC0415

    entries = {model: entry(judged, hits, model=model, first=None) for judged, hits, model in lines}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "nobody.csv").write_text(as_csv(entries.values()), "utf-8")
        record = load_record(Path(folder))
    expected = {replace(line, provider="nobody") for line in entries.values()}
    assert {line for line in record.entries.values() if line.provider == "nobody"} == expected


def test_own_figures_take_the_place_of_the_shipped_and_are_never_added_up(tmp_path: Path) -> None:
    provider = next(iter(load_record().entries.values())).provider
    (tmp_path / f"{provider}.csv").write_text(f"{HEAD}\n*,openai-chat,usage,7,0,,,1\n", "utf-8")
    record = load_record(tmp_path)
    assert [line.judged for line in record.entries.values() if line.provider == provider] == [7]


@pytest.mark.parametrize(
    "line", ["*,openai-chat,usage,0,0,,,1", "*,openai-chat,usage,1,2,,,1", "*,x", "*,d,r,1,0,soon,,1"]
)
def test_a_broken_line_is_one_error_with_file_and_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "groq.csv").write_text(f"{HEAD}\n{line}\n", "utf-8")
    with pytest.raises(UnusableInputError, match=r"groq\.csv: line 2 is no line of a field record"):
        load_record(tmp_path)


def test_the_shipped_record_holds_counts_only() -> None:
    entries = load_record().entries.values()
    assert len({line.provider for line in entries}) > 20
    assert all(0 <= line.with_finding <= line.judged for line in entries)
