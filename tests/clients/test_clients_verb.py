"""`conformance clients`: what is chosen, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest

from conformance.cli import clients as verb
from conformance.cli import main
from conformance.emulator.clients.bench import ClientCell
from conformance.emulator.clients.outcome import Outcome
from conformance.errors import UnusableInputError
from conformance.schemas.validators import explain

if TYPE_CHECKING:
    from conformance.emulator.clients.catalogue import Environment
    from conformance.emulator.clients.matrix import MatrixPlan

RECORDED = Path(__file__).parents[2] / "cassettes/llamacpp/smollm2-135m-instruct/openai-chat"


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], MatrixPlan, str | None]]:
    """Every run that was started; a run `--with` another version raises what was right."""
    seen: list[tuple[list[str], MatrixPlan, str | None]] = []

    def run(clients: Any, plan: MatrixPlan, *, wanted: str | None = None) -> Any:
        seen.append(([client.name for client in clients], plan, wanted))
        outcome = Outcome("raised", "TypeError: no", "TypeError") if wanted else Outcome("right", "")
        return [ClientCell("openai", "provider", "groq/m", "chat", outcome)], {"openai": {"openai": "1"}}

    monkeypatch.setattr(verb, "run", run)
    monkeypatch.setattr(verb, "make", lambda *_, **__: None)
    return seen


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["clients", *arguments]) == 3
    return capsys.readouterr().err


def test_everything_is_asked_unless_something_is_named(
    plans: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The recordings of one target: to read those of all takes ten seconds and shows nothing more of what is chosen.
    copytree(RECORDED, tmp_path / "cassettes")
    monkeypatch.chdir(tmp_path)
    assert main(["clients"]) == 0
    (names, plan, _) = plans[0]
    assert {"openai", "openai-node", "litellm"} <= set(names)
    assert len(plan.targets) >= 20
    assert set(plan.faults) == set(names)
    assert len(plan.faults["openai"].questions) >= 60
    assert {target.partition("/")[0] for target in plan.recordings} == {"llamacpp"}
    assert plan.statuses


def test_what_is_named_is_asked_alone(plans: list[Any]) -> None:
    assert main(["clients", "--client", "groq", "--provider", "cerebras", "--fault", "stream.cut"]) == 0
    (names, plan, _) = plans[0]
    assert names == ["groq"]
    assert [target.provider.name for target in plan.targets] == ["cerebras"]
    assert {client: list(each.questions) for client, each in plan.faults.items()} == {"groq": ["stream.cut"]}
    assert (plan.recordings, plan.emulated_recordings, plan.statuses) == ({}, {}, ())


def test_faults_befall_the_provider_that_a_client_is_made_for_where_that_of_its_dialect_refuses_it(
    plans: list[Any],
) -> None:
    names = ["openai", "langchain-groq", "mistralai", "langchain-anthropic"]
    assert main(["clients", *(word for name in names for word in ("--client", name)), "--fault", "stream.cut"]) == 0
    targets = {name: each.target.id for name, each in plans[0][1].faults.items()}
    assert targets == {
        "openai": "openai/gpt-4.1-mini",
        "langchain-groq": "groq/openai/gpt-oss-120b",
        "mistralai": "mistral/mistral-small-latest",
        "langchain-anthropic": "anthropic/claude-haiku-4-5",
    }


def test_a_package_of_node_is_tried_by_its_scoped_name(plans: list[Any]) -> None:
    assert main(["clients", "--with", "@ai-sdk/openai==9.9.9", "--provider", "groq"]) == 1
    assert {name for names, *_ in plans for name in names} == {"ai-sdk-openai", "ai-sdk-openai-chat"}


def test_a_client_that_cannot_be_installed_is_left_out_with_the_reason(
    plans: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def make(environment: Environment, **_: Any) -> None:
        if environment.node:
            raise UnusableInputError("node is not on PATH", where="--client")

    monkeypatch.setattr(verb, "make", make)
    path = tmp_path / "clients.json"
    assert main(["clients", "--install", "--provider", "groq", "--format", "md", "--json", str(path)]) == 0
    names = plans[0][0]
    assert "openai" in names
    assert not [name for name in names if "node" in name or name.startswith("ai-sdk")]
    assert "| openai-node | not tried: `--client: node is not on PATH` |" in capsys.readouterr().out
    matrix = json.loads(path.read_text("utf-8"))
    assert "ai-sdk-cohere" in matrix["left_out"]
    assert explain("clients", matrix) is None


def test_one_that_was_named_and_cannot_be_installed_is_refused(
    plans: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def make(*_: Any, **__: Any) -> None:
        raise UnusableInputError("node is not on PATH", where="--client")

    monkeypatch.setattr(verb, "make", make)
    assert "node is not on PATH" in refusal(capsys, "--install", "--client", "openai-node", "--client", "groq")
    assert "node is not on PATH" in refusal(capsys, "--install")
    assert not plans


def test_a_version_that_breaks_what_was_right_exits_1(plans: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clients", "--with", "openai==9.9.9", "--provider", "groq"]) == 1
    assert [wanted for _, _, wanted in plans] == [None, "openai==9.9.9"]
    assert [names for names, _, _ in plans] == [["openai", "openai-responses"]] * 2, (
        "the package under Node is another one"
    )
    assert "openai, groq/m, chat: right before, raised now: TypeError: no" in capsys.readouterr().out


def test_the_json_matches_its_schema(plans: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "new" / "clients.json"
    assert main(["clients", "--format", "json", "--json", str(path), "--provider", "groq"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(path.read_text("utf-8"))
    assert explain("clients", json.loads(path.read_text("utf-8"))) is None
    assert len(plans) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--client", "nobody"), "client 'nobody' is unknown"),
        (("--provider", "gorq"), "groq"),
        (("--fault", "stream.cutt"), "stream.cut"),
        (("--with", "openai"), "PACKAGE==VERSION"),
        (("--with", "numpy==1.0"), "no version of a client"),
    ],
)
def test_what_is_unknown_is_one_line(
    plans: list[Any], capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    error = refusal(capsys, *arguments)
    assert says in error
    assert error.count("\n") == 1
    assert not plans
