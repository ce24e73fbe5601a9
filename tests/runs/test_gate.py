"""The gate: known failures pass, new ones fail, and what was not checked is never green."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.cli import main
from conformance.errors import UnusableInputError
from conformance.runs.baseline import Baseline, Change, as_toml, baseline_of, compare, read_baseline

if TYPE_CHECKING:
    from pathlib import Path

TARGET = "groq/m"


def cell(
    rule: str = "usage.sum", verdict: str = "fail", *, probes: tuple[str, ...] = ("plain",), target: str = TARGET
) -> dict[str, Any]:
    findings = [
        {"probe": probe, "exchange": "x", "message": "bad", "pointer": "", "event": None, "known": False}
        for probe in probes
    ]
    return {
        "target": target, "rule": rule, "severity": "error", "verdict": verdict, "reason": "why", "probes": list(probes),
        "provoking": {"judged": 1, "of": 1}, "evidence": ["emulated"] if verdict == "emulated" else ["recorded"],
        "notices": [], "findings": findings if verdict == "fail" else [],
    }  # fmt: skip


def run(*cells: dict[str, Any], named: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"cells": list(cells), "named": list(named), "as_of": "2026-11-21"}


def changes(before: dict[str, Any], now: dict[str, Any]) -> list[Change]:
    return [entry.change for entry in compare(now, baseline_of(before)).entries]


def test_an_accepted_failure_passes() -> None:
    gate = compare(run(cell()), baseline_of(run(cell())))
    assert [entry.change for entry in gate.entries] == [Change.ACCEPTED]
    assert gate.exit_code == 0


def test_a_new_failure_fails() -> None:
    assert compare(run(cell()), baseline_of(run(cell(verdict="pass")))).exit_code == 1


def test_a_failure_on_another_probe_is_new() -> None:
    gate = compare(run(cell(probes=("plain", "stream"))), baseline_of(run(cell())))
    assert gate.exit_code == 1
    assert "now fails on stream too" in gate.entries[0].reason


@pytest.mark.parametrize("verdict", ["pass", "known", "n/a"])
def test_a_mended_failure_fails_only_in_strict_mode(verdict: str) -> None:
    baseline = baseline_of(run(cell()))
    now = run(cell(verdict=verdict))
    assert compare(now, baseline).exit_code == 0
    assert compare(now, baseline, strict=True).exit_code == 1


@pytest.mark.parametrize("verdict", ["skip", "inconclusive"])
@pytest.mark.parametrize("before", ["pass", "fail"])
def test_what_is_no_longer_checked_is_never_green(verdict: str, before: str) -> None:
    assert compare(run(cell(verdict=verdict)), baseline_of(run(cell(verdict=before)))).exit_code == 2


def test_what_was_unchecked_before_is_accepted_as_such() -> None:
    assert changes(run(cell(verdict="skip")), run(cell(verdict="skip"))) == []


def test_a_cell_that_was_left_out_is_never_green() -> None:
    before = run(cell(), cell("usage.present", "pass"))
    assert compare(run(cell("usage.present", "pass")), baseline_of(before)).exit_code == 2
    assert compare(run(cell()), baseline_of(before)).exit_code == 2
    assert compare(run(), baseline_of(before)).exit_code == 2


def test_an_emulator_never_stands_for_a_provider_that_was_judged() -> None:
    assert compare(run(cell(verdict="emulated")), baseline_of(run(cell(verdict="pass")))).exit_code == 2
    assert compare(run(cell(verdict="emulated")), baseline_of(run(cell()))).exit_code == 2
    assert compare(run(cell(verdict="emulated"), named=(TARGET,)), Baseline()).exit_code == 2


def test_emulated_targets_that_nobody_named_stay_out_of_the_file() -> None:
    assert baseline_of(run(cell(verdict="emulated"))) == Baseline()
    assert compare(run(cell(verdict="emulated")), Baseline()).entries == ()


@given(
    st.lists(
        st.tuples(st.text(min_size=1), st.text(min_size=1), st.sampled_from(["fail", "skip", "pass"]), st.text()),
        max_size=5,
    )
)
def test_the_file_reads_back_as_written(cells: list[tuple[str, str, str, str]]) -> None:
    import tempfile  # noqa: PLC0415 - hypothesis has no function-scoped tmp_path
    from pathlib import Path  # noqa: PLC0415

    unique = {(target, rule): (verdict, probe) for target, rule, verdict, probe in cells}
    results = run(
        *(cell(rule, verdict, probes=(probe,), target=target) for (target, rule), (verdict, probe) in unique.items())
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "b.toml"
        path.write_text(as_toml(baseline_of(results), "2026-11-21"), "utf-8", errors="surrogatepass")
        gate = compare(results, read_baseline(path))
    assert gate.exit_code == 0
    assert {entry.change for entry in gate.entries} <= {Change.ACCEPTED}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version = 2",
        "version = 1\ntargets = 3",
        "version = 1\n[targets.x]\n",
        "version = 1\n[targets.x]\nrules = 1\nfails = {a = 'b'}",
        "=",
        "\x00",
    ],
)
def test_an_unreadable_baseline_is_one_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "b.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(UnusableInputError, match=r"b\.toml"):
        read_baseline(path)


def results_file(path: Path, *cells: dict[str, Any], code: int) -> Path:
    results = {
        "headline": "h", "exit_reason": "r", "judged_on": {}, "tool": "t", "as_of": "2026-11-21", "fail_on": "error", "live": False,
        "options": [], "exit_code": code, "targets": [TARGET], "named": [], "selectable": len(cells), "keywords": {}, "cells": list(cells),
    }  # fmt: skip
    path.write_text(json.dumps(results), "utf-8")
    return path


def test_the_commands_write_and_hold_a_baseline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, file = results_file(tmp_path / "results.json", cell(), code=1), str(tmp_path / "b.toml")
    assert main(["gate", str(path), "--baseline", file]) == 3
    assert main(["baseline", str(path), "--out", file]) == 0
    assert main(["gate", str(path), "--baseline", file]) == 0
    results_file(path, cell(), cell("stream.x"), code=1)
    capsys.readouterr()
    assert main(["gate", str(path), "--baseline", file]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"newly broken: {TARGET} stream.x: why",
        "1 newly broken, 0 mended, 0 unchecked, 1 accepted: exit code 1",
    ]
