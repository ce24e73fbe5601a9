"""The real llama.cpp server, end to end: asked, recorded, replayed."""

from __future__ import annotations

import json
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from conformance.asking.cassettes import Store
from conformance.cli.run import run_suites
from conformance.probes import load_probes, probes_for
from conformance.providers import load_providers, parse_target
from conformance.recording.cassette import cassette_path, load
from conformance.verdicts.observation import judged
from conformance.wire.case import Case

TARGET = parse_target("llamacpp/smollm2-135m-instruct", load_providers())
COMMITTED = Path(__file__).parents[2] / "cassettes"
ENOUGH = 2

pytestmark = [
    pytest.mark.live_local,
    pytest.mark.skipif(find_spec("xllamacpp") is None, reason="the real server is not installed: make local"),
]


def calls_tools(probe: str) -> bool:
    return probe.startswith("tools-") and not probe.startswith(("tools-choice-", "tools-unused"))


def representative() -> list[str]:
    """Return the tool probes, and of the others the quickest that show each rule twice, as the committed cassettes have it.

    All 240 keep so small a machine writing for eleven minutes and show no other rule, but for those of pages' addresses.
    """
    store, observed = Store(COMMITTED, (), frozenset()), {}
    for probe in probes_for(TARGET, load_probes())[0]:
        if not probe.name.startswith("grounding-"):
            replayed = judged(store.replay(TARGET, probe))
            timings = [case.exchange.timing for case in replayed.cases]
            seconds = sum(timing.end or 0.0 for timing in timings if timing is not None)
            observed[probe.name] = seconds, {rule for each in replayed.judgements for rule in each.checked}
    chosen = [name for name in observed if calls_tools(name)]
    shown = Counter(rule for name in chosen for rule in observed[name][1])
    for name, (_, rules) in sorted(observed.items(), key=lambda entry: entry[1][0]):
        if name not in chosen and any(shown[rule] < ENOUGH for rule in rules):
            chosen.append(name)
            shown.update(rules)
    return chosen


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live_local")


@pytest.fixture
def common(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The options of a run in the folder, where the server's answers are recorded, once for all tests."""
    monkeypatch.chdir(folder)
    probes = [word for name in representative() for word in ("--probe", name)]
    options = [
        "--as-of",
        "2026-11-21",
        "-p",
        "no:cacheprovider",
        "--target",
        TARGET.id,
        "-m",
        "not url_grounding",
        *probes,
    ]
    if not (folder / "live").exists():
        assert run_suites([*options, "--record", "--reports", "live"]) in {0, 1}
    return options


def verdicts(reports: Path) -> dict[str, str]:
    cells = json.loads((reports / "results.json").read_text("utf-8"))["cells"]
    return {cell["rule"]: cell["verdict"] for cell in cells}


def test_replay_gives_the_same_verdict_for_every_cell_as_the_live_run(folder: Path, common: list[str]) -> None:
    assert run_suites([*common, "--reports", "replayed"]) in {0, 1}
    live = verdicts(folder / "live")
    assert live == verdicts(folder / "replayed")
    assert {"pass", "known"} <= set(live.values())


@pytest.mark.usefixtures("common")
def test_a_model_this_small_calls_tools_in_every_tool_probe(folder: Path) -> None:
    made = {}
    for name in filter(calls_tools, load_probes()):
        path = cassette_path(folder / "cassettes", TARGET.provider.name, TARGET.model, TARGET.dialect, name)
        reply = Case(load(path).exchanges[0]).reply
        made[name] = {call.name for choice in reply.choices for call in choice.tool_calls}
    assert len(made) > 12
    assert [name for name, calls in made.items() if not calls] == []
