"""Faults over many answers: behaviours do as they say, scenarios pass by requests and by a clock, and nothing turns green."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from conformance.cli import main
from conformance.emulator.behaviours.table import BEHAVIOURS, load_scenario
from conformance.emulator.faults.table import FAULTS
from conformance.emulator.server import emulator
from conformance.errors import UnusableInputError
from conformance.wire.exchange import Request
from tests.emulator.broken import conforming

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.emulator.app import Emulator
    from conformance.emulator.response import Answered

#: The statuses of the first answers to one request, each behaviour from its beginning.
STATUSES = {
    "flaky.one_in_three": "503 200 200 503 200 200",
    "flaky.two_in_three": "500 500 200 500 500 200",
    "start.loading": "503 503 503 200 200",
    "model.listed_but_gone": "404 404 404",
    "model.gone_midway": " ".join(["200"] * 10 + ["404"] * 3),
    "key.expires": " ".join(["200"] * 10 + ["401"] * 3),
    "quota.after_ten": " ".join(["200"] * 10 + ["429"] * 3),
    "limit.after_five": " ".join((["200"] * 5 + ["429"] * 3) * 2),
    "outage.region": " ".join(["200"] * 5 + ["503"] * 10 + ["200"] * 3),
}


@pytest.mark.parametrize("name", STATUSES)
def test_a_behaviour_refuses_just_the_answers_that_its_sentence_names(name: str) -> None:
    app = emulator(conforming(), faults=[name])
    assert [str(asked(app).status) for _ in STATUSES[name].split()] == STATUSES[name].split()


def test_a_model_that_is_gone_is_still_listed() -> None:
    app = emulator(conforming(), faults=["model.listed_but_gone"])
    assert asked(app).status == 404
    assert b'"steady"' in listing(app).body


def test_delays_grow_and_a_cold_start_is_over_after_one_answer() -> None:
    degrading = emulator(conforming(), faults=["latency.degrading"])
    assert [round(asked(degrading).delay, 3) for _ in range(4)] == [0.2, 0.4, 0.6, 0.8]
    cold = emulator(conforming(), faults=["latency.cold_start"])
    assert [asked(cold).delay for _ in range(3)] == [10.0, 0.0, 0.0]


def test_a_drift_begins_at_its_request_and_a_rollout_reaches_its_share() -> None:
    drifting = emulator(conforming(), faults=["drift.usage_renamed"])
    assert [b'"prompt_tokens"' in asked(drifting).body for _ in range(40)] == [True] * 30 + [False] * 10
    rolled = emulator(conforming(), faults=["rollout.usage_renamed"])
    counts = Counter(b'"prompt_tokens"' in asked(rolled).body for _ in range(200))
    assert 10 <= counts[False] <= 30


def test_the_same_seed_draws_the_same_answers_for_a_rollout() -> None:
    def drawn(seed: int) -> list[bool]:
        app = emulator(conforming(), faults=["rollout.usage_renamed"], seed=seed)
        return [b'"prompt_tokens"' in asked(app).body for _ in range(60)]

    assert drawn(1) == drawn(1) != drawn(2)


def test_every_behaviour_has_a_name_of_its_own_and_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert not BEHAVIOURS.keys() & FAULTS.keys()
    assert len({behaviour.does for behaviour in BEHAVIOURS.values()}) == len(BEHAVIOURS)
    assert main(["serve", "--list-faults"]) == 0
    printed = capsys.readouterr().out
    assert all(f"{name:32} (over many answers)" in printed for name in BEHAVIOURS)


def test_a_scenario_passes_by_requests_and_by_the_clock(tmp_path: Path) -> None:
    now = 0.0
    path = written(
        tmp_path,
        "[[phase]]\nrequests = 2\n[[phase]]\nseconds = 30\nrefuse = 'unavailable'\n"
        "[[phase]]\nseconds = 10\nhits = 1\nof = 2\nrefuse = 'rate_limited'\n[[phase]]\n",
    )
    app = emulator(conforming(), scenario=path, now=lambda: now)
    assert [asked(app).status for _ in range(4)] == [200, 200, 503, 503]
    now = 31.0
    assert [asked(app).status for _ in range(4)] == [429, 200, 429, 200]
    now = 41.0
    assert [asked(app).status for _ in range(2)] == [200, 200]


def test_a_phase_of_seconds_is_over_though_nobody_asked_in_it(tmp_path: Path) -> None:
    now = 0.0
    path = written(tmp_path, "[[phase]]\nseconds = 5\n[[phase]]\nseconds = 5\nrefuse = 'unavailable'\n[[phase]]\n")
    app = emulator(conforming(), scenario=path, now=lambda: now)
    assert asked(app).status == 200
    now = 100.0
    assert asked(app).status == 200


def test_a_behaviour_a_fault_and_a_scenario_are_at_work_together(tmp_path: Path) -> None:
    path = written(tmp_path, "[[phase]]\nrequests = 1\n[[phase]]\nrefuse = 'server_error'\n")
    app = emulator(conforming(), faults=["usage.missing", "latency.cold_start"], scenario=path)
    first, second = asked(app), asked(app)
    assert (first.status, b'"usage"' in first.body, first.delay) == (200, False, 10.0)
    assert (second.status, second.delay) == (500, 0.0)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("phase = 3", "is no scenario"),
        ("[[phase]]\nrequests = 0\n", "is no scenario: phase[0].requests"),
        ("[[phase]]\nhit = 1\n", "is no scenario"),
        ("[[phase]]\nrequests = 1\nseconds = 2\n", "is no scenario"),
        ("[[phase]]\n[[phase]]\nrequests = 1\n", "phase 1 never ends"),
        ("[[phase]]\nfaults = ['stream.cot']\n", "fault 'stream.cot' is unknown"),
        ("[[phase]", "is no TOML"),
    ],
)
def test_a_scenario_that_cannot_be_played_is_one_line(tmp_path: Path, text: str, problem: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UnusableInputError) as raised:
        load_scenario(path)
    assert str(raised.value).startswith(f"{path}: {problem}")
    assert "\n" not in str(raised.value)


def test_a_scenario_that_is_not_there_is_one_line_and_exit_3(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--as", "groq", "--scenario", "no-such.toml"]) == 3
    error = capsys.readouterr().err
    assert "no-such.toml: cannot be read" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("behaviour", "spread"),
    [
        ("drift.usage_renamed", "every one from answer 31 on and none before: a drift"),
        ("rollout.usage_renamed", "a gradual rollout"),
    ],
)
def test_upgrade_names_a_drift_and_a_gradual_rollout(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], behaviour: str, spread: str
) -> None:
    before, after = recorded(tmp_path / "a.jsonl", [], 60), recorded(tmp_path / "b.jsonl", [behaviour], 60)
    assert main(["upgrade", str(before), str(after), "--format", "json"]) == 1
    comparison = json.loads(capsys.readouterr().out)
    change = next(change for change in comparison["changes"] if change["id"] == "schema.usage")
    assert change["kind"] == "newly broken"
    assert spread in change["after"]


def test_a_break_in_one_of_a_few_answers_is_inconclusive_and_never_green(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = recorded(tmp_path / "a.jsonl", [], 8), recorded(tmp_path / "b.jsonl", [], 8, broken={3})
    assert main(["upgrade", str(before), str(after)]) == 2
    assert "schema.usage" in capsys.readouterr().out


def written(folder: Path, text: str) -> Path:
    path = folder / "scenario.toml"
    path.write_text(text, "utf-8")
    return path


def asked(app: Emulator) -> Answered:
    body = {"model": "steady", "messages": [{"role": "user", "content": "Say hello."}]}
    return app.answer(_request("POST", "/v1/chat/completions", json.dumps(body).encode()))


def listing(app: Emulator) -> Answered:
    return app.answer(_request("GET", "/v1/models", b""))


def recorded(path: Path, behaviours: list[str], number: int, broken: set[int] = frozenset()) -> Path:  # type: ignore[assignment]
    """Write answers to one request as a gateway's log would hold them: of a provider, not of an emulation."""
    app, faulty = emulator(conforming(), faults=behaviours), emulator(conforming(), faults=["usage.renamed"])
    lines = [line(number, asked(faulty if number in broken else app)) for number in range(number)]
    path.write_text("".join(json.dumps(entry) + "\n" for entry in lines), "utf-8")
    return path


def line(number: int, answer: Answered) -> dict[str, Any]:
    request = {
        "method": "POST",
        "url": "https://api.groq.com/openai/v1/chat/completions",
        "headers": {"content-type": "application/json"},
        "body": {"model": "steady", "messages": [{"role": "user", "content": "Say hello."}]},
    }
    headers = {"content-type": answer.headers["content-type"]}
    response = {"status": answer.status, "headers": headers, "body": answer.body.decode(), "eof": "clean"}
    return {"id": f"x{number}", "provider": "groq", "request": request, "response": response}


def _request(method: str, path: str, body: bytes) -> Request:
    headers = {"content-type": "application/json", "authorization": "Bearer any"}
    return Request(method, f"http://conforming.example{path}", headers, body)
