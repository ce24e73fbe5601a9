"""Tables of logged calls: a mapping says which column holds what, and rows are read as they come."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from form_samples import ANSWER, ASKED
from log_samples import EVENTS

from conformance.errors import UnusableInputError
from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.recording.importers.tables import Columns, columns_of
from conformance.rules.judging import judge
from conformance.runs.whose import why_skipped
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = Columns("prompt", "completion", "code", "vendor", "name", "began")
HEAD = ("prompt", "completion", "code", "vendor", "name", "began")
BODIES = (json.dumps(ASKED), json.dumps(ANSWER), "200", "groq", "aurora-2", "2026-06-01T00:00:00Z")
MESSAGES = (json.dumps(ASKED["messages"]), "Loire", "", "", "aurora-2", "")


def text_of(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD, delimiter: str = ",") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([head, *rows])
    return file.getvalue().encode()


def read(path: Path, data: bytes, columns: Columns | None = COLUMNS) -> list[Exchange | Unreadable]:
    path.write_bytes(data)
    return list(read_exchanges(path, columns=columns))


def test_a_row_is_an_exchange_whatever_its_cells_hold(tmp_path: Path) -> None:
    stream = (json.dumps({**ASKED, "stream": True}), EVENTS, "200", "", "", "")
    items = read(tmp_path / "a.csv", text_of(BODIES, MESSAGES, stream))
    for item in items:
        assert isinstance(item, Exchange), item
        case = Case(item)
        assert [choice.text for choice in case.reply.choices] == ["Loire"]
        assert case.asked.model == "aurora-2"
        assert not item.on_wire
        assert [finding for finding in judge(case).findings if finding.severity == "error"] == []
    first = items[0]
    assert isinstance(first, Exchange)
    assert (first.provider, str(first.recorded_at), first.interaction) == ("groq", "2026-06-01 00:00:00+00:00", 0)


def test_tabs_and_compressed_tables_are_read(tmp_path: Path) -> None:
    for name, data in (("a.tsv", text_of(BODIES, delimiter="\t")), ("a.csv.gz", gzip.compress(text_of(BODIES)))):
        (item,) = read(tmp_path / name, data)
        assert isinstance(item, Exchange), item


def test_a_row_that_is_no_call_costs_itself_only(tmp_path: Path) -> None:
    items = read(tmp_path / "a.csv", text_of(BODIES, ("{", "[1]", "200", "", "", ""), BODIES))
    cases = [Case(item) for item in items if isinstance(item, Exchange)]
    assert [why_skipped(case) for case in cases] == [None, "its record tells no answer", None]


def test_an_answer_in_json_is_a_text(tmp_path: Path) -> None:
    (item,) = read(tmp_path / "a.csv", text_of((MESSAGES[0], '{"city": "Nantes"}', "", "", "m", "")))
    assert isinstance(item, Exchange)
    assert Case(item).reply.choices[0].text == '{"city": "Nantes"}'


def test_what_no_column_holds_is_no_finding(tmp_path: Path) -> None:
    (item,) = read(tmp_path / "a.csv", text_of(MESSAGES[:2], head=HEAD[:2]), Columns(*HEAD[:2]))
    assert isinstance(item, Exchange)
    assert not judge(Case(item)).findings


def test_a_row_without_an_answer_is_skipped_and_a_refusal_is_one(tmp_path: Path) -> None:
    refused = json.dumps({"error": {"message": "no", "type": "invalid_request_error", "param": None, "code": None}})
    items = read(tmp_path / "a.csv", text_of((BODIES[0], "", "", "", "", ""), (BODIES[0], refused, "400", "", "", "")))
    cases = [Case(item) for item in items if isinstance(item, Exchange)]
    assert [why_skipped(case) for case in cases] == ["the row holds no answer", None]
    assert cases[1].reply.errors


def test_a_wrong_name_and_a_missing_mapping_list_the_columns_in_one_line(tmp_path: Path) -> None:
    for columns in (Columns("question", "completion"), None):
        (problem,) = read(tmp_path / "a.csv", text_of(BODIES), columns)
        assert isinstance(problem, Unreadable)
        assert "prompt, completion, code, vendor, name, began" in problem.error
        assert "--columns" in problem.error
        assert "\n" not in problem.error


@pytest.mark.parametrize("text", ["request=a", "request=a,respons=b", "request", "", "request=,response=b"])
def test_a_mapping_that_names_no_column_is_refused(text: str) -> None:
    with pytest.raises(UnusableInputError, match="--columns"):
        columns_of(text)


def test_a_mapping_takes_names_with_spaces(tmp_path: Path) -> None:
    columns = columns_of("request=The Prompt, response=The Answer")
    (item,) = read(tmp_path / "a.csv", text_of(BODIES[:2], head=("The Prompt", "The Answer")), columns)
    assert isinstance(item, Exchange), item


def test_tables_of_a_folder_are_read_with_a_mapping_only(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(text_of(BODIES))
    assert list(find_files([tmp_path], with_tables=True)) == [tmp_path / "a.csv"]
    (item,) = read_exchanges(tmp_path / "a.csv", named=False)
    assert isinstance(item, Unreadable)
    assert item.passed_over is not None


def test_a_long_table_needs_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    peaks = []
    for rows in (20, 2000):
        path = tmp_path / "a.csv"
        path.write_bytes(text_of(*[BODIES] * rows))
        tracemalloc.start()
        assert sum(isinstance(item, Exchange) for item in read_exchanges(path, columns=COLUMNS)) == rows
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]


def test_parquet_is_read_in_batches_or_names_its_extra(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    try:
        import pyarrow as arrow  # noqa: ICN001, PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415 - an extra
    except ImportError:
        (problem,) = read(path, b"PAR1")
        assert isinstance(problem, Unreadable)
        assert "cluster" in problem.error
        return
    rows: list[dict[str, Any]] = [dict(zip(HEAD, BODIES, strict=True))] * 300
    parquet.write_table(arrow.Table.from_pylist([{**row, "other": 1} for row in rows]), str(path), row_group_size=100)
    items = list(read_exchanges(path, columns=COLUMNS))
    assert [item.interaction for item in items if isinstance(item, Exchange)] == list(range(300))
    nested = arrow.Table.from_pylist([{"prompt": ASKED, "completion": ANSWER}])
    parquet.write_table(nested, str(path))
    (item,) = read_exchanges(path, columns=Columns("prompt", "completion"))
    assert isinstance(item, Exchange), item
    (problem,) = read_exchanges(path, columns=Columns("a", "completion"))
    assert isinstance(problem, Unreadable)
    assert "it has prompt, completion" in problem.error
