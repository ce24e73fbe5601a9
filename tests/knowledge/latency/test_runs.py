"""Claims about recorded runs: where they are, who else reads them, and what is none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.storage.file import FileStorage

from conformance.asking.latency.files import write_run
from conformance.errors import UnusableInputError
from conformance.knowledge.latency.runs import BASELINES, as_benchmark, by_cell, newest, read_runs
from conformance.rules.schema_findings import is_valid
from tests.knowledge.latency.recorded import new, past, recorded

COMMITTED = Path(__file__).parents[3] / "reports" / BASELINES


class Logger:
    """A pytest-benchmark logger that fails on a warning."""

    def warning(self, text: str) -> None:
        """Fail."""
        raise AssertionError(text)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    runs = past(3, info={"calibration": {"ttft_error": 0.001, "gap_error_p95": 0.0, "streams": 5}})
    for run in runs:
        write_run(tmp_path, run)
    assert read_runs(tmp_path) == runs
    assert read_runs(tmp_path, tmp_path) == runs


def test_pytest_benchmark_reads_the_folder_of_a_cell_on_any_machine(tmp_path: Path) -> None:
    path = write_run(tmp_path, recorded(1))
    write_run(tmp_path, recorded(2))
    assert path.name.startswith("0001_")
    storage: Any = FileStorage(path.parent, Logger(), default_machine_id="Another-Machine")  # type: ignore[no-untyped-call]
    loaded = [data for _, data in storage.load()]
    assert len(loaded) == 2
    assert loaded[0]["benchmarks"][0]["stats"]["rounds"] == 10
    assert loaded[0]["benchmarks"][0]["name"] == "test_samples[fake/m-short]"


def test_no_run_tells_the_name_of_the_machine() -> None:
    assert set(as_benchmark(recorded(1))["machine_info"]) == {"system", "python_version"}


def test_the_runs_of_one_target_are_not_those_of_a_longer_name(tmp_path: Path) -> None:
    for target in ("fake/m", "fake/m-2", "fake/m+x"):
        write_run(tmp_path, recorded(1, target=target))
    assert [run.cell.target for run in read_runs(tmp_path, target="fake/m")] == ["fake/m"]


def test_anybody_elses_benchmark_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "cell").mkdir()
    (tmp_path / "cell" / "0001_x.json").write_text(
        json.dumps({"benchmarks": [{"name": "x", "extra_info": {}}]}), "utf-8"
    )
    (tmp_path / "cell" / "0002_x.json").write_text("[]", "utf-8")
    assert read_runs(tmp_path) == []


@pytest.mark.parametrize("evidence", ["emulated", "recorded"])
def test_an_emulation_and_a_replay_are_no_runs(tmp_path: Path, evidence: str) -> None:
    path = write_run(tmp_path, recorded(1))
    document = json.loads(path.read_text("utf-8"))
    document["benchmarks"][0]["extra_info"]["conformance"]["evidence"] = evidence
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(UnusableInputError, match="a replay or an emulation is no sample"):
        read_runs(tmp_path)


def test_durations_of_an_older_run_are_not_read_as_instants(tmp_path: Path) -> None:
    run = replace(
        past(1)[0],
        requests=({"ttft": 0.5, "connect": 0.2, "tls": 0.3, "sent": 0.4},),
        info={"warm_up": {"connect": 0.2}},
    )
    path = write_run(tmp_path, run)
    assert read_runs(tmp_path) == [run]
    path.write_text(path.read_text("utf-8").replace('"timing": "instants",', ""), "utf-8")
    (old,) = read_runs(tmp_path)
    assert (dict(old.requests[0]), old.info) == ({"ttft": 0.5, "sent": 0.4}, {})


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = write_run(tmp_path, recorded(1))
    path.write_text("{", "utf-8")
    with pytest.raises(UnusableInputError, match=path.name):
        read_runs(tmp_path)


def test_runs_of_a_prompt_that_has_changed_are_no_past() -> None:
    runs = [*past(3, workload_hash="ffffffffffff"), *new()]
    assert [run.label for run in next(iter(by_cell(runs).values()))] == ["new", "new"]


def test_the_newest_label_is_the_candidate() -> None:
    before, after = newest([*past(), *new()])
    assert ({run.label for run in before}, {run.label for run in after}) == ({"old"}, {"new"})
    assert newest([]) == ([], [])


def test_a_committed_baseline_is_the_past_whenever_it_was_taken(tmp_path: Path) -> None:
    for run in (*past(2), *new(1)):
        write_run(tmp_path / "benchmarks", run)
    write_run(tmp_path / BASELINES, recorded(20, label="new"))
    before, after = newest(read_runs(tmp_path / BASELINES, tmp_path / "benchmarks"))
    assert [run.started.day for run in before] == [21]
    assert [run.label for run in after] == ["new"]


@pytest.mark.parametrize("path", sorted(COMMITTED.glob("*/*.json")), ids=lambda path: path.name)
def test_a_committed_baseline_is_a_live_run(path: Path) -> None:
    document = json.loads(path.read_text("utf-8"))
    assert is_valid("latency-run", document["benchmarks"][0]["extra_info"]["conformance"])
    assert "node" not in document["machine_info"]
