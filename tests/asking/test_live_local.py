"""The real llama.cpp server, end to end: asked, recorded, replayed."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from conformance.cli.run import run_suites

if TYPE_CHECKING:
    from pathlib import Path

TARGET = "llamacpp/smollm2-135m-instruct"

pytestmark = [
    pytest.mark.live_local,
    pytest.mark.skipif(find_spec("xllamacpp") is None, reason="the real server is not installed: make local"),
]


def verdicts(reports: Path) -> dict[str, str]:
    cells = json.loads((reports / "results.json").read_text("utf-8"))["cells"]
    return {cell["rule"]: cell["verdict"] for cell in cells}


def test_replay_gives_the_same_verdict_for_every_cell_as_the_live_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # Ninety-nine prompts about pages are ten minutes of writing for so small a machine, and prove nothing more of replay.
    common = ["--as-of", "2026-11-21", "-p", "no:cacheprovider", "--target", TARGET, "-m", "not url_grounding"]
    assert run_suites([*common, "--record", "--reports", "live"]) in {0, 1}
    assert run_suites([*common, "--reports", "replayed"]) in {0, 1}
    live = verdicts(tmp_path / "live")
    assert live == verdicts(tmp_path / "replayed")
    assert {"pass", "known"} <= set(live.values())
