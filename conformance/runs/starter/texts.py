"""The texts of the files that `conformance init` writes. A workflow holds no expression inside a script."""

from __future__ import annotations

import json
from string import Template
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_SETTINGS: Final = Template("""\
targets = $targets
cassettes = "cassettes"  # recordings: commit them
reports = "reports"
# as_of = 2026-11-21    # the day on which dates are judged; without it, today
# fail_on = "warning"   # the lowest severity that fails a cell; without it, "error"
""")
_GITHUB: Final = Template("""\
# Every pull request: replay the committed cassettes offline, and fail on what is newly broken. No key, no cost.
name: conformance
on: pull_request
permissions:
  contents: read
jobs:
  conformance:
    runs-on: ubuntu-latest
    timeout-minutes: 15
$folder    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-python@v6
        with: {python-version: "3.11"}
      - run: pip install $requirement
      - run: conformance run || test $$? -le 2 # the gate decides
      - run: conformance report >> "$$GITHUB_STEP_SUMMARY"
      - run: conformance gate
      - if: always()
        uses: actions/upload-artifact@v4
        with: {name: conformance-reports, path: $reports, if-no-files-found: ignore}
""")
_GITLAB: Final = Template("""\
# Every merge request: replay the committed cassettes offline, and fail on what is newly broken. No key, no cost.
conformance:
  image: python:3.11
  rules: [{if: $$CI_PIPELINE_SOURCE == "merge_request_event"}]
  script:
$folder    - pip install --quiet $requirement
    - conformance run || test $$? -le 2 # the gate decides
    - conformance report --format junit --out reports/junit.xml
    - conformance gate
  artifacts:
    when: always
    paths: [$reports]
    reports: {junit: ${reports}junit.xml}
""")
_HOOK: Final = Template("""\
  - repo: local
    hooks:
      - id: conformance-models
        name: no retired models
        entry: conformance models --scan
        language: python
        additional_dependencies: [$requirement]
        types: [text]
        require_serial: true
""")
_TEST: Final = Template('''\
"""Our client under an emulated provider: offline, without a key. `conformance serve --list-faults` names the faults."""

import json

import httpx

pytest_plugins = ["conformance.emulator.pytest_plugin"]


def ask(base_url: str) -> tuple[str, str | None]:
    """Return the text of a streamed answer, and why it ended. Put your own client in its place."""
    body = {"model": "$model", "stream": True, "messages": [{"role": "user", "content": "Name three rivers."}]}
    text, finish = "", None
    try:
        with httpx.stream("POST", f"{base_url}/chat/completions", json=body, headers={"Authorization": "Bearer any"}) as answer:
            for line in answer.iter_lines():
                if line.startswith("data: {"):
                    for choice in json.loads(line[6:])["choices"]:
                        text += choice["delta"].get("content") or ""
                        finish = choice["finish_reason"] or finish
    except httpx.TransportError:
        return text, None
    return text, finish


def test_a_whole_answer_says_why_it_ended(provider_server):
    text, finish = ask(provider_server("$provider"))
    assert text
    assert finish == "stop"


def test_a_cut_stream_is_not_taken_for_a_whole_answer(provider_server):
    _, finish = ask(provider_server("$provider", faults=["stream.cut"]))
    assert finish is None
''')


def settings(targets: Sequence[str]) -> str:
    """Return the settings, without the header of their table."""
    listed = json.dumps(list(targets), ensure_ascii=False)
    more = "" if targets else '  # such as ["groq/openai/gpt-oss-120b"]; empty: every target that has cassettes'
    return _SETTINGS.substitute(targets=listed + more)


def github(requirement: str, folder: str) -> str:
    """Return the workflow; `folder` is the project's below the repository, or empty."""
    where = f"    defaults: {{run: {{working-directory: {json.dumps(folder)}}}}}\n" if folder else ""
    return _GITHUB.substitute(requirement=f"'{requirement}'", folder=where, reports=_reports(folder))


def gitlab(requirement: str, folder: str) -> str:
    """Return the job; `folder` is the project's below the repository, or empty."""
    where = f"    - cd {json.dumps(folder)}\n" if folder else ""
    return _GITLAB.substitute(requirement=f"'{requirement}'", folder=where, reports=_reports(folder))


def _reports(folder: str) -> str:
    return f"{folder}/reports/" if folder else "reports/"


def hook(requirement: str) -> str:
    """Return the hook, as an item of `repos`."""
    return _HOOK.substitute(requirement=json.dumps(requirement))


def example_test(provider: str, model: str) -> str:
    """Return the example of a test."""
    return _TEST.substitute(provider=provider, model=model)
