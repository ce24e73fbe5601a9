"""Every command that we print does what its line says: a failing cell fails again, and every remedy is a command that parses."""

from __future__ import annotations

import ast
import io
import re
import shlex
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import httpx
import pytest
from world import PROBES, RULE

from conformance.asking import target as asking
from conformance.asking.client import Client
from conformance.asking.limits import Pace
from conformance.cli import parser
from conformance.emulator.faults.table import FAULTS
from conformance.probes import load_probes
from conformance.providers.keys import auth_headers
from conformance.report.results import results_of
from conformance.report.summary import summary_lines
from conformance.rules.table import RULES, Severity
from conformance.runs.project import Project
from conformance.runs.run import Run
from conformance.runs.settings import settings_from
from conformance.wire import transport as capture

sys.path.append(str(Path(__file__).parent / "emulator"))
from broken import CONFORMING, InMemory, emulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from world import World

    from conformance.asking.limits import Budget
    from conformance.emulator.faults.table import Fault
    from conformance.providers import Target
    from conformance.runs.settings import Settings

ROOT = Path(__file__).parents[1]
#: A command that stands in backticks is to be typed as it is; a verb alone is a name.
COMMAND = re.compile(r"`conformance ([a-z]+ [^`]+)`")
SAID = "reproduce the first: "
THINKING = {name for name, probe in load_probes().items() if "reasoning" in probe.needs}
#: One fault a rule. What a connection does needs a socket; a note fails no cell, so that nothing reproduces it; and the conforming
#: model does not reason, so that no probe of thinking is asked of it.
SHOWN = {
    fault.rule: fault
    for fault in FAULTS.values()
    if fault.rule and not fault.name.startswith("connection.") and RULES[fault.rule].severity is not Severity.NOTE
    if fault.shows not in THINKING
}

#: Several processes share the commands.
_PARTS = 6


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[Fault], None]:
    """Let every target answer with a fault, as if it were live: without the emulator's label, on a clock of its own."""

    def answer(fault: Fault) -> None:
        @contextmanager
        def connect(target: Target, _: Settings, budget: Budget) -> Iterator[Client]:
            transport = InMemory(emulator(target, [fault.name]), live=True)
            monkeypatch.setattr(capture, "time", SimpleNamespace(monotonic_ns=lambda: int(transport.now * 1e9)))
            with httpx.Client(transport=transport) as http:
                auth, pace = auth_headers(target, "sk-any"), Pace(None, sleep=lambda _: None)
                yield Client(target, http, target.base_url, auth, {}, budget, pace)

        monkeypatch.setattr(asking, "connect", connect)

    return answer


@pytest.mark.parametrize("part", range(_PARTS))
def test_the_printed_command_fails_the_cell_of_each_rule_again(
    world: World, broken: Callable[[Fault], None], monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    world.write("providers/conforming.toml", CONFORMING)
    monkeypatch.setenv("CONFORMING_API_KEY", "sk-any")
    not_again = []
    for rule, fault in list(SHOWN.items())[part::_PARTS]:
        broken(fault)
        target = f"conforming/steady@{fault.dialect}" if fault.dialect else "conforming/steady"
        command = printed(target, rule, fault.shows)
        again = world.call(*shlex.split(command)[1:])
        if again.code != 1 or f"FAIL {target} {rule}: " not in again.out:
            not_again.append((rule, fault.name, command, again))
    assert not_again == []


def printed(name: str, rule: str, probe: str) -> str:
    """Return the command that a live run of one probe prints for one cell of a target."""
    given = {"target": [name], "providers": ["providers"], "as_of": "2026-11-21", "fail_on": "warning"}
    run = Run(settings_from({**given, "live": True, "probe": [probe]}, Project.here()), say=lambda _: None)
    (target,) = run.settings.targets
    run.ask({target: {rule}})
    lines = summary_lines(results_of(run.ledger([(target, RULES[rule])])))
    return next((line.removeprefix(SAID) for line in lines if line.startswith(SAID)), f"none in {lines}")


def test_every_command_in_our_texts_parses() -> None:
    commands = list(in_texts())
    assert len(commands) > 10
    assert [(where, words) for where, words in commands if not parses(words)] == []


def test_what_a_skipped_cell_tells_to_record_can_be_recorded(world: World) -> None:
    skipped = world.run("-k", RULE)
    commands = re.findall(r"conformance (record [^`\n]*)", skipped.out)
    assert commands
    assert [command for command in commands if not parses(shlex.split(command))] == []


def parses(words: list[str]) -> bool:
    """Whether the command line's own parser takes the words; `run` and `record` hand pytest's on to it."""
    with redirect_stderr(io.StringIO()), redirect_stdout(io.StringIO()):
        try:
            _, rest = parser(words[0]).parse_known_args(words)
        except SystemExit as end:
            return end.code == 0
    return not rest or (words[0] in {"run", "record"} and rest[0] in {"-k", "-m", "-n"})


def in_texts() -> Iterator[tuple[str, list[str]]]:
    """Yield each command that a string of ours or a call of `command` holds, with a word for whatever is filled in."""
    for path in sorted((ROOT / "conformance").rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        docstrings = {node.value for node in nodes if isinstance(node, ast.Expr)}
        for node in nodes:
            where = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "command" and node.args[1:]:
                # Words that are starred are a run's own, which the other tests here run.
                words = [_text(word) for word in node.args if not isinstance(word, ast.Starred)]
                if words[0] == "record" and isinstance(node.args[1], ast.Starred):
                    words.insert(1, "WORD")  # its targets
                if words[1:] and path.parent.name != "clients":  # another `command`: that of an SDK's driver
                    yield where, words
            elif isinstance(node, ast.JoinedStr | ast.Constant) and node not in docstrings:
                yield from ((where, shlex.split(line)) for line in COMMAND.findall(_text(node)))


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_text, node.values))
    return str(node.value) if isinstance(node, ast.Constant) else "WORD"


def test_a_rule_names_its_probes_or_says_when_it_is_judged() -> None:
    asked = frozenset(rule for probe in PROBES.values() for rule in probe.provoked(RULES))
    dialects = {probe.dialect for probe in PROBES.values()}
    silent = [
        rule.id
        for rule in RULES.values()
        if any(rule.speaks(dialect) for dialect in dialects) and (rule.id in asked) == bool(rule.when_seen)
    ]
    assert silent == []
