"""The real llama.cpp server: two of its starts are asked in turn, and both runs are kept."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from conformance.cli import main
from conformance.knowledge.latency.runs import read_runs
from conformance.rules.schema_findings import is_valid

if TYPE_CHECKING:
    from pathlib import Path

TARGET = "llamacpp/smollm2-135m-instruct"

pytestmark = [
    pytest.mark.live_local,
    pytest.mark.skipif(find_spec("xllamacpp") is None, reason="the real server is not installed: make local"),
]


def test_six_interleaved_pairs_are_taken_kept_and_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code = main(["latency", TARGET, TARGET, "--interleave", "--pairs", "6", "--format", "json", "--no-calibration"])
    printed = capsys.readouterr()
    # What a busy machine is measured at is not the claim.
    assert code in {0, 1, 2}, printed.err
    found = json.loads(printed.out)
    assert is_valid("latency-comparison", found)
    assert {"ttft", "tpot", "e2e", "tps", "failures"} <= found["metrics"].keys()
    base, candidate = read_runs(tmp_path / "reports/benchmarks")
    assert all(row["server_ttft"] > 0 for run in (base, candidate) for row in run.requests)
