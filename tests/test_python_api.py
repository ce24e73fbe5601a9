"""The public API: every name is documented with an example that runs, its page is fresh, and importing it costs nothing."""

from __future__ import annotations

import doctest
import inspect
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import conformance
from conformance import Case, Exchange, Request, Response, Session, UnusableInputError, audit, grounding, judge
from conformance.runs.audit import audit as audit_command
from tools.python_page import GROUPS, page, sections

ROOT = Path(__file__).parents[1]
REQUEST = Request("POST", "https://llm.example/v1/chat/completions", body=b'{"model": "m", "messages": []}')
ANSWER = Response(200, {"content-type": "application/json"}, b'{"object": "chat.completion"}')


def test_every_public_name_is_documented_whole() -> None:
    lacking = {}
    for name in conformance.__all__:
        documented = getattr(conformance, name)
        wanted = {"Example"}
        if inspect.isfunction(documented):
            wanted |= {"Args", "Returns", "Raises"}
        elif isinstance(documented, type) and not issubclass(documented, str):
            wanted |= {"Args"}
        shown = sections(documented)
        missing = wanted - {"Returns" if title == "Yields" else title for title in shown}
        if missing:
            lacking[name] = missing
    assert lacking == {}


def test_the_documented_arguments_are_those_that_are_taken() -> None:
    wrong = {}
    for name in conformance.__all__:
        documented = getattr(conformance, name)
        if callable(documented) and "Args" in (texts := sections(documented)):
            lines = [line for line in texts["Args"].splitlines() if line[4:5].strip()]
            shown = [line.strip().lstrip("*").partition(":")[0] for line in lines]
            if shown != list(inspect.signature(documented).parameters):
                wrong[name] = shown
    assert wrong == {}


@pytest.mark.enable_socket
@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("name", conformance.__all__)
def test_every_example_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    finder = doctest.DocTestFinder(recurse=False)
    examples = [test for test in finder.find(getattr(conformance, name), name, globs={}) if test.examples]
    assert examples
    runner = doctest.DocTestRunner(verbose=False)
    for example in examples:
        assert runner.run(example).failed == 0


def test_the_page_shows_every_name_and_is_fresh() -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(conformance.__all__)
    assert (ROOT / "docs/python.md").read_text("utf-8") == page(), "python -m tools.python_page > docs/python.md"


def test_every_view_module_is_an_attribute_of_views() -> None:
    files = {path.stem for path in Path(conformance.views.__path__[0]).glob("*.py")} - {"__init__"}
    assert {name for name in files if not inspect.ismodule(getattr(conformance.views, name, None))} == set()
    lead = (Path(conformance.views.__path__[0]) / "__init__.py").read_text("utf-8")
    assert {name for name in files if f"{name} as {name}," not in lead} == set()


def test_importing_the_package_imports_nothing_else() -> None:
    code = (
        "import sys; before = set(sys.modules); import conformance; conformance.__version__; dir(conformance)\n"
        "new = set(sys.modules) - before - {'conformance'}\n"
        "print(sorted(name for name in new if name.partition('.')[0] not in sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = conformance.nothing


def test_judge_takes_an_exchange_a_case_and_a_session() -> None:
    exchange = Exchange("x1", REQUEST, ANSWER)
    findings = judge(exchange)
    assert findings
    assert judge(Case(exchange)) == findings
    assert judge(Session((Case(exchange),)))[: len(findings)] == findings
    assert {finding.exchange for finding in findings} == {"x1"}


def test_audit_yields_the_lines_that_the_command_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row: dict[str, Any] = {
        "request": {"method": "POST", "url": REQUEST.url, "headers": {}, "body": {"model": "m"}},
        "response": {"status": 200, "headers": {"content-type": "application/json"}, "body": {"choices": []}},
    }
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps(row) + "\nnot JSON\n", "utf-8")
    providers = conformance.load_providers()
    lines = list(audit(log, tmp_path / "missing.jsonl", providers=providers))
    assert capsys.readouterr().err == ""
    day, error = date(2026, 11, 21), conformance.Severity.ERROR
    paths = [log, tmp_path / "missing.jsonl"]
    audit_command(paths, fail_on=error, as_of=day, providers=providers, format="jsonl")
    assert lines == [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [bool(line.get("error")) for line in lines] == [False, True, True]


def test_audit_refuses_an_unknown_provider() -> None:
    with pytest.raises(UnusableInputError, match="did you mean groq"):
        next(audit("log.jsonl", provider="groqq"))


def test_grounding_refuses_a_row_without_an_answer() -> None:
    with pytest.raises(UnusableInputError, match="'response' is a required property"):
        grounding({"prompt": "Sum up https://example.com/a"})
