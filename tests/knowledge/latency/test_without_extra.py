"""Recorded runs that nothing can compare are inconclusive: without numpy and scipy no latency is green."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from recorded import new, past

from conformance.asking.latency.files import write_run
from conformance.knowledge.latency import extra
from conformance.knowledge.latency.runs import RUNS
from conformance.providers import load_providers, parse_target
from conformance.rules.standing import TargetOnDay
from conformance.rules.views.latency import ComparedRuns, compared_runs

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TARGET = "groq/openai/gpt-oss-120b"


def test_recorded_runs_without_the_extra_are_undecided_and_name_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for run in [*past(target=TARGET), *new(target=TARGET)]:
        write_run(tmp_path / RUNS, run)
    standing = TargetOnDay(parse_target(TARGET, load_providers()), date(2026, 11, 21), reports=tmp_path)
    monkeypatch.setattr(extra, "find_spec", lambda _: None)
    view = compared_runs(standing)
    assert isinstance(view, ComparedRuns)
    assert "pip install 'llm-provider-conformance[latency]'" in view.why_undecided
