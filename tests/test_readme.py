"""README's examples and commands work exactly as they stand, in an empty project that has the wheel and no checkout."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.errors import CONFORMS, FAILS, INTERRUPTED, UNDECIDED, UNUSABLE
from conformance.probes import load_probes, probes_for
from conformance.probes.plan import plan
from conformance.providers import load_providers, parse_target
from conformance.report.results import read_results
from conformance.verdicts.cell import Verdict

if TYPE_CHECKING:
    from world import Wheel

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
#: What asks a provider, waits for a client, or needs runs that were recorded or judged before.
NOT_OFFLINE = {"run", "record", "clients", "latency", "serve", "upgrade", "gate", "profile", "choose"}


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language, as they stand."""
    return [text for marked, text in BLOCKS if marked == language]


def commands() -> list[list[str]]:
    """Return every command of ours that is printed with something behind its verb, in a block or in a sentence."""
    lines = [line.removeprefix("$ ") for text in blocks("console") for line in text.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", README, flags=re.DOTALL))
    return [shlex.split(line, comments=True) for line in lines if re.match(r"conformance [a-z]+ ", line)]


def test_every_code_block_is_of_a_kind_that_is_tried_here() -> None:
    assert {language: len(blocks(language)) for language, _ in BLOCKS} == {
        "console": 5,
        "python": 2,
        "toml": 2,
        "yaml": 1,
    }


def test_each_example_is_at_most_ten_lines() -> None:
    assert [text for marked, text in BLOCKS if marked != "console" and len(text.splitlines()) > 10] == []


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty project with every example in the file that README puts it into."""
    provider, objectives = blocks("toml")
    rule, test = blocks("python")
    plugins = re.search(r"`(pytest_plugins = .*?)`", README)
    assert plugins is not None
    table = '[tool.conformance]\nproviders = ["acme"]\nprobes = ["asked"]\nrules = ["my_rules"]\n'
    files = {
        "pyproject.toml": table + objectives,
        "acme/acme.toml": provider,
        "asked/mine.yaml": blocks("yaml")[0],
        "my_rules.py": rule,
        "tests/conftest.py": plugins[1],
        "tests/test_agent.py": test,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_the_provider_answers_the_probe_and_the_rule_judges_it(wheel: Wheel, project: Path) -> None:
    asked = ("--target", "acme", "--probe", "capital-stream", "--live", "--emulated")
    done = wheel.run(project, "-m", "conformance", "run", *asked)
    assert done.returncode == UNDECIDED, done.stdout + done.stderr
    results = read_results(project / "reports/results.json")
    judged = {cell["rule"]: cell["verdict"] for cell in results["cells"] if cell["probes"] == ["capital-stream"]}
    assert results["targets"] == ["acme/acme-large"]
    assert {judged["content.calm"], judged["stream.truncated_without_finish"]} == {"emulated"}


@pytest.mark.enable_socket
def test_the_pytest_example_passes_on_the_emulator(wheel: Wheel, project: Path) -> None:
    done = wheel.run(project, "-m", "pytest", "-q", "tests")
    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout + done.stderr


def test_every_command_is_parsed_by_the_command_line(wheel: Wheel, project: Path) -> None:
    code = (
        "import json, sys; from conformance.cli import parser\n"
        "for words in json.load(open('commands.json', encoding='utf-8')): parser(words[1]).parse_args(words[1:])"
    )
    (project / "commands.json").write_text(json.dumps(commands()), "utf-8")
    done = wheel.run(project, "-c", code)
    assert done.returncode == 0, done.stderr
    assert len(commands()) > 15


def test_every_command_that_needs_no_network_runs(wheel: Wheel, project: Path) -> None:
    given(project)
    offline = [words for words in commands() if words[1] not in NOT_OFFLINE]
    assert {words[1] for words in offline} == {
        "audit",
        "convert",
        "errors",
        "explain",
        "field",
        "grounding",
        "init",
        "models",
        "rules",
    }
    ended = {shlex.join(words): wheel.run(project, "-m", *words) for words in offline}
    unusable = {
        line: done.stderr
        for line, done in ended.items()
        if done.returncode not in {CONFORMS, FAILS, UNDECIDED} or done.stderr
    }
    assert unusable == {}


def given(project: Path) -> None:
    """Write what the commands read: traffic of four kinds, and answers to be grounded."""
    response = {"status": 200, "headers": {"content-type": "application/json"}, "body": {"choices": []}}
    request = {
        "method": "POST",
        "url": "https://llm.example/v1/chat/completions",
        "headers": {},
        "body": {"model": "m"},
    }
    (project / "gateway-log.jsonl").write_text(json.dumps({"request": request, "response": response}) + "\n", "utf-8")
    asked = {"method": "POST", "url": request["url"], "headers": [], "postData": {"text": '{"model": "m"}'}}
    answered = {"status": 200, "headers": [], "content": {"text": '{"choices": []}', "mimeType": "application/json"}}
    entry = {"startedDateTime": "2026-11-01T00:00:00Z", "time": 1, "request": asked, "response": answered}
    (project / "capture.har").write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}), "utf-8")
    (project / "my-cassettes").mkdir()
    cassette = (
        "version: 1\ninteractions:\n- request: {method: POST, uri: 'https://llm.example/v1/chat/completions', headers: {}, "
        "body: '{\"model\": \"m\"}'}\n  response: {status: {code: 200, message: OK}, headers: {}, body: {string: '{}'}}\n"
    )
    (project / "my-cassettes/hello.yaml").write_text(cassette, "utf-8")
    (project / "calls.csv").write_text("prompt,completion,model\nName a colour.,Blue.,m\n", "utf-8")
    row = {
        "id": "a",
        "prompt": "Sum up https://example.com/a",
        "url": "https://example.com/a",
        "response": "I cannot open it.",
    }
    (project / "answers.jsonl").write_text(json.dumps(row) + "\n", "utf-8")


@pytest.mark.enable_socket
@pytest.mark.parametrize("words", [words for words in commands() if words[1] == "serve"], ids=shlex.join)
def test_every_server_starts_and_says_where(words: list[str]) -> None:
    # In the checkout: one of them serves its cassettes.
    with subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = next((line for line in server.stdout if "http://127.0.0.1:" in line), None)
        server.kill()
    assert address is not None


def test_every_make_target_exists() -> None:
    made = re.findall(r"^make (\w+)|`make (\w+)`", README + (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert [name for name in {a or b for a, b in made} if f"\n{name}:" not in makefile] == []


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_is_explained(verdict: Verdict) -> None:
    assert f"| {verdict} |" in README


@pytest.mark.parametrize("code", [CONFORMS, FAILS, UNDECIDED, UNUSABLE, INTERRUPTED])
def test_every_exit_code_is_explained(code: int) -> None:
    assert f"| {code} |" in README


def test_providers_that_come_along_are_named() -> None:
    named = re.search(r"Providers that come along: ([^(]+)", README)
    assert named is not None
    built_in = {name for name, provider in load_providers().items() if not provider.abstract}
    assert set(named[1].strip().split(", ")) == built_in


def test_every_document_that_is_linked_exists() -> None:
    links = re.findall(r"\]\(([\w./-]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_judge_of_url_prompts_reads_as_many_languages_as_said() -> None:
    cues = ROOT / "conformance/knowledge/grounding/cues"
    assert ("ten languages" in README, len(list(cues.glob("*.toml")))) == (True, 10)


def test_plan_is_what_the_command_prints() -> None:
    target = parse_target("groq/openai/gpt-oss-120b", load_providers())
    asked, _ = probes_for(target, load_probes())
    assert next(iter(plan({target: asked}, 300))) in README
