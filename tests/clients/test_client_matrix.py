"""The client matrix from end to end, with a client that needs no SDK: server, driver process, judgement."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance.emulator.clients import bench, matrix
from conformance.emulator.clients.bench import ClientCell
from conformance.emulator.clients.catalogue import Client, Environment
from conformance.emulator.clients.fault_questions import Question, question
from conformance.emulator.clients.markdown import as_markdown
from conformance.emulator.clients.matrix import Befallen, MatrixPlan, run
from conformance.emulator.clients.outcome import Outcome
from conformance.emulator.clients.pages import as_json, worse
from conformance.emulator.faults.table import FAULTS
from conformance.emulator.server import served_target
from conformance.errors import UnusableInputError
from conformance.probes import load_probes
from conformance.providers import load_providers
from conformance.schemas.validators import explain
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Run = Callable[..., dict[str, ClientCell]]

pytestmark = pytest.mark.enable_socket
DRIVER = Path(__file__).parent / "honest_driver.py"
CLIENT = Client("honest", Environment("none"), "honest", DRIVER, lacks=frozenset({"reasoning"}))
TARGET = served_target("openai", "gpt-4.1-mini", load_providers())
ASKED = Question(
    "chat", "chat", {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}, ("text", "finish_reason")
)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    def asked(plan: MatrixPlan, manner: str = "honest") -> dict[str, ClientCell]:
        monkeypatch.setenv("MANNER", manner)
        monkeypatch.setattr(matrix, "command", lambda *_, **__: ([sys.executable, str(DRIVER)], tmp_path))
        cells, _ = run([CLIENT], plan)
        return {cell.case or cell.subject: cell for cell in cells}

    return asked


def words(cells: Mapping[str, ClientCell]) -> dict[str, str]:
    return {name: cell.outcome.word for name, cell in cells.items()}


def test_an_honest_client_has_every_plain_answer_right(ask: Run) -> None:
    cells = ask(MatrixPlan(targets=[TARGET]))
    plain = ("chat", "tools", "structured", "usage", "models", "error-key", "error-model")
    assert {name: cells[name].outcome.word for name in plain} == dict.fromkeys(plain, "right"), cells
    assert cells["stream"].outcome.word == "raised", "it reads no streams, and says so"
    assert cells["reasoning"].outcome.why == "the client has nothing for it"


@pytest.mark.parametrize(("manner", "word"), [("honest", "right"), ("loses", "silent"), ("hangs", "hung")])
def test_a_recorded_answer_shows_what_a_client_does_with_it(
    ask: Run, monkeypatch: pytest.MonkeyPatch, manner: str, word: str
) -> None:
    monkeypatch.setattr(bench, "WITHIN", 1.5)
    choice = {"index": 0, "message": {"role": "assistant", "content": "Hi."}, "finish_reason": "stop"}
    answer = Response(200, {"content-type": "application/json"}, json.dumps({"choices": [choice]}).encode(), "clean")
    request = Request("POST", "https://x/v9/chat/completions", {}, json.dumps(ASKED.body).encode())
    cells = ask(MatrixPlan(recordings={"acme/m": [Exchange("a/b.yaml#0", request, answer)]}), manner)
    assert words(cells) == {"b.yaml#0": word}


def test_the_class_of_an_error_and_whether_it_is_asked_again(ask: Run) -> None:
    cells = ask(MatrixPlan(statuses=[401, 503]))
    assert cells["error"].asked == 2, "the last status is 503, which this client asks again"
    assert cells["error"].outcome.exception == "__main__.HTTPStatusError"


def test_a_fault_is_judged_by_the_answer_without_it(ask: Run) -> None:
    probes = load_probes()
    asked = {name: question(FAULTS[name], TARGET, probes) for name in FAULTS}
    raw = [each for each in asked.values() if isinstance(each, str)]
    assert len(raw) < len(asked) / 5, "most faults can be shown to an SDK"
    plain = next(
        n
        for n, q in asked.items()
        if isinstance(q, Question) and FAULTS[n].answers == "plain" and q.compare != ("models",)
    )
    befallen = Befallen(TARGET, {plain: asked[plain], "none": "the reason"})
    cells = ask(MatrixPlan(faults={CLIENT.name: befallen}))
    assert cells["none"].outcome == Outcome("n/a", "the reason")
    assert all(cell.outcome.word in {"right", "raised", "silent", "hung", "n/a"} for cell in cells.values())


def test_a_fault_that_a_client_s_own_request_does_not_meet_is_not_survived(ask: Run) -> None:
    asked = question(FAULTS["finish_reason.stop_after_calls"], TARGET, load_probes())
    plan = MatrixPlan(faults={CLIENT.name: Befallen(TARGET, {"finish_reason.stop_after_calls": asked})})
    (met,) = ask(plan).values()
    (unmet,) = ask(plan, "forgets").values()
    assert met.outcome.word != "n/a"
    assert unmet.outcome == Outcome("n/a", "the client's own request does not meet it")


def test_a_recording_that_a_client_would_not_send_shows_nothing_of_it(ask: Run) -> None:
    answer = Response(200, {"content-type": "application/json"}, b'{"choices": []}', "clean")
    streamed = json.dumps({**ASKED.body, "stream": True, "n": "refused"}).encode()
    cells = ask(
        MatrixPlan(
            recordings={
                "acme/m": [Exchange("b#0", Request("POST", "https://x/v1/chat/completions", {}, streamed), answer)]
            }
        ),
        "picky",
    )
    assert [(cell.outcome.word, cell.asked) for cell in cells.values()] == [("n/a", 0)]


def test_a_recorded_error_is_right_when_its_status_is_told(ask: Run) -> None:
    body = b'{"error": {"message": "No such model", "type": "not_found_error"}}'
    answer = Response(404, {"content-type": "application/json"}, body, "clean")
    request = Request("POST", "https://x/v9/chat/completions", {}, json.dumps(ASKED.body).encode())
    cells = ask(MatrixPlan(recordings={"acme/m": [Exchange("a/b.yaml#0", request, answer)]}))
    assert words(cells) == {"b.yaml#0": "right"}


def test_a_driver_that_ends_is_said_with_its_last_words(ask: Run) -> None:
    with pytest.raises(UnusableInputError, match="the driver of honest ended"):
        ask(MatrixPlan(targets=[TARGET]), "ends")


def cell(word: Any, why: str = "", client: str = "a", subject: str = "p/m", case: str = "chat") -> ClientCell:
    return ClientCell(client, "provider", subject, case, Outcome(word, why, "sdk.Error" if word == "raised" else None))


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ("right", "right", 0),
        ("right", "raised", 1),
        ("raised", "silent", 1),
        ("right", "hung", 1),
        ("silent", "raised", 0),
        ("hung", "silent", 1),
        ("right", "n/a", 0),
    ],
)
def test_a_version_is_worse_when_a_case_falls_back(before: Any, after: Any, lost: int) -> None:
    assert len(worse([cell(before)], [cell(after, "because")])) == lost


def test_what_is_written_matches_its_schema(ask: Run) -> None:
    from datetime import date  # noqa: PLC0415 - for this test only

    cells = [*ask(MatrixPlan(targets=[TARGET], statuses=[404])).values(), cell("silent", "text is `x\0`\n")]
    versions = {"honest": {"honest": "1"}}
    assert explain("clients", as_json(cells, versions, date(2026, 11, 21), None)) is None
    page = as_markdown(cells, versions, date(2026, 11, 21))
    assert "| `openai/gpt-4.1-mini` | ok |" in page
    assert "`text is 'x\\u0000'`" in page
