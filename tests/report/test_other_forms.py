"""The last run as Markdown, SARIF and JUnit: what fails is there, what was not judged is no pass, and nothing of a provider is markup."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.cli import main
from conformance.providers import load_providers
from conformance.report.job_summary import as_job_summary, escaped
from conformance.report.junit import as_junit
from conformance.report.run_alerts import run_alerts
from conformance.report.sarif import as_sarif

if TYPE_CHECKING:
    from pathlib import Path

TARGET = "groq/openai/gpt-oss-120b"


def run(verdict: str = "fail", message: str = "is 3") -> dict[str, Any]:
    finding = {"probe": "plain", "exchange": "x", "message": message, "pointer": "", "event": None, "known": False}
    cell = {
        "target": TARGET, "rule": "usage.sum", "severity": "error", "verdict": verdict, "reason": message, "probes": ["plain"],
        "provoking": {"judged": 1, "of": 1}, "evidence": ["recorded"], "notices": [], "findings": [finding] if verdict == "fail" else [],
    }  # fmt: skip
    return {
        "headline": "h", "exit_reason": "r", "judged_on": {"recorded": [TARGET]}, "tool": "t", "as_of": "2026-11-21", "fail_on": "error",
        "live": False, "options": [], "exit_code": 1, "targets": [TARGET], "named": [], "selectable": 1, "keywords": {}, "cells": [cell],
    }  # fmt: skip


def test_sarif_points_at_the_cassette_that_shows_the_failure() -> None:
    log = json.loads(as_sarif(run_alerts(run(), "cassettes", load_providers())))
    (result,) = log["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("usage.sum", "error")
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "cassettes/groq/openai%252Fgpt-oss-120b/openai-chat/plain.yaml"
    assert log["runs"][0]["tool"]["driver"]["rules"][0]["shortDescription"]["text"]


@pytest.mark.parametrize("verdict", ["pass", "known", "skip", "emulated"])
def test_only_failing_cells_are_alerts(verdict: str) -> None:
    assert list(run_alerts(run(verdict), "cassettes", load_providers())) == []


@pytest.mark.parametrize("verdict", ["skip", "inconclusive", "emulated", "n/a"])
def test_what_was_not_judged_is_skipped_in_junit(verdict: str) -> None:
    suite = ET.fromstring(as_junit(run(verdict)).encode())[0]  # noqa: S314 - our own text
    assert (suite.get("skipped"), suite.get("failures")) == ("1", "0")
    assert suite[0][0].tag == "skipped"


def test_a_failing_cell_fails_in_junit() -> None:
    suite = ET.fromstring(as_junit(run()).encode())[0]  # noqa: S314 - our own text
    assert (suite.get("skipped"), suite.get("failures")) == ("0", "1")


@given(st.text(st.characters(codec=None)))
def test_junit_is_xml_whatever_a_provider_sent(text: str) -> None:
    ET.fromstring(as_junit(run(message=text)).encode("utf-8"))  # noqa: S314 - our own text


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "![x](http://a/b.png)", "a | b\nc", "`x`", "[a](javascript:x)"]
)
def test_a_providers_text_is_no_markup(text: str) -> None:
    line = next(line for line in as_job_summary(run(message=text)).splitlines() if "usage" in line)
    assert escaped(text) in line
    bare = re.sub(r"\\.", "", line)  # without what a backslash makes a plain character
    assert not any(mark in bare for mark in ("<", "[", "`", "(", "!"))
    assert line.count(" | ") == 3


def test_secrets_do_not_reach_the_other_forms() -> None:
    key = "sk-" + "proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD"
    results = run(message=f"key {key}")
    texts = [as_job_summary(results), as_junit(results), as_sarif(run_alerts(results, "c", load_providers()))]
    assert all(key not in text for text in texts)


def test_the_verb_writes_each_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "results.json"
    path.write_text(json.dumps(run()), "utf-8")
    for form, mark in (("md", "## LLM"), ("sarif", '"2.1.0"'), ("junit", "<testsuites")):
        assert main(["report", str(path), "--format", form]) == 0
        assert mark in capsys.readouterr().out
    assert main(["report", str(tmp_path / "none.json")]) == 3


def test_a_scan_points_at_the_line_that_names_a_retired_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text('x = 1\nclient.chat(model="gpt-4-32k-0314")\n', "utf-8")
    assert main(["models", "--scan", "app.py", "--as-of", "2026-11-21", "--format", "sarif"]) == 1
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert result["ruleId"] == "model.retired"
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("app.py", 2)
