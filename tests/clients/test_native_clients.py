"""What a client of another dialect is handed, and where what it asks goes: no model is lost in a path, and no key in a header."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, cast

import pytest

from conformance.emulator.clients.bench import Bench
from conformance.emulator.clients.catalogue import Client, capabilities, clients, faulty_targets
from conformance.emulator.clients.environments import here
from conformance.emulator.clients.fault_questions import Question, question
from conformance.emulator.clients.matrix import MatrixPlan, run
from conformance.emulator.clients.native_requests import in_dialect
from conformance.emulator.clients.outcome import judge
from conformance.emulator.clients.switchboard import Line, Switchboard
from conformance.emulator.faults.table import FAULTS
from conformance.emulator.server import served_target
from conformance.probes import load_probes
from conformance.providers import load_providers, parse_target
from conformance.wire.dialects.ask import NotSayable
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from conformance.emulator.clients.driver import Driver

PROVIDERS = load_providers()
NATIVE = [client for client in clients().values() if client.dialect != "openai-chat"]


@pytest.mark.parametrize("dialect", sorted({client.dialect for client in NATIVE}))
def test_every_chat_capability_is_said_with_its_model_and_its_stream(dialect: str) -> None:
    for name, capability in capabilities().items():
        if capability.operation == "chat":
            said = in_dialect({"model": "example", **capability.body}, dialect)
            assert not isinstance(said, NotSayable), (name, said)
            assert said["model"] == capability.body.get("model", "example"), name
            assert bool(said.get("stream")) == bool(capability.body.get("stream")), name


@pytest.mark.parametrize(
    ("dialect", "method", "asked", "below"),
    [
        (
            "gemini",
            "POST",
            "/v1beta/models/gemini-3.6-flash:generateContent",
            "/models/gemini-3.6-flash:generateContent",
        ),
        ("gemini", "GET", "/v1beta/models", "/models"),
        ("bedrock-converse", "POST", "/model/us.a-v1%3A0/converse-stream", "/model/us.a-v1%3A0/converse-stream"),
        ("cohere", "GET", "/v1/models", "/v1/models"),
        ("cohere", "POST", "/v2/chat", "/v2/chat"),
        ("ollama", "POST", "/api/chat", "/api/chat"),
        ("anthropic-messages", "POST", "/v1/messages", "/messages"),
        ("openai-chat", "POST", "/openai/v1/chat/completions", "/chat/completions"),
    ],
)
def test_the_path_of_an_sdk_becomes_the_provider_s(dialect: str, method: str, asked: str, below: str) -> None:
    assert Line(None, "/base", dialect=dialect).path(method, asked) == f"/base{below}"


def test_a_key_goes_where_the_provider_wants_it() -> None:
    sent = (b"x-goog-api-key", b"k")
    assert Line(None, "", "authorization", "Bearer", "x-goog-api-key").keyed(sent) == (b"authorization", b"Bearer k")
    assert Line(None, "", "x-goog-api-key", "", "x-goog-api-key").keyed(sent) == sent
    assert Line(None, "", "api-key", "").keyed((b"authorization", b"Bearer k")) == (b"api-key", b"k")


def test_a_finish_reason_is_right_in_the_words_of_its_dialect_alone() -> None:
    body = b'{"id": "1", "message": {"role": "assistant", "content": [{"type": "text", "text": "Hi"}]}, "finish_reason": "COMPLETE"}'
    answer = Response(200, {"content-type": "application/json"}, body, "clean")
    sent = Exchange("", Request("POST", "http://case/v2/chat", {}, b"{}"), answer, dialect="cohere")
    words = {}
    for reason in ("COMPLETE", "stop", "MAX_TOKENS"):
        result = {"outcome": "returned", "choices": [{"text": "Hi", "finish_reason": reason}]}
        words[reason] = judge(result, sent, ("text", "finish_reason"), within=1).word
    assert words == {"COMPLETE": "right", "stop": "silent", "MAX_TOKENS": "silent"}


def test_the_faults_of_a_dialect_are_asked_of_a_provider_that_speaks_it() -> None:
    probes = load_probes()
    targets = {dialect: parse_target(f"{text}@{dialect}", PROVIDERS) for dialect, text in faulty_targets().items()}
    foreign = {client.dialect for client in NATIVE}
    asked = [question(fault, targets[fault.dialect], probes) for fault in FAULTS.values() if fault.dialect in foreign]
    questions = [entry for entry in asked if isinstance(entry, Question)]
    assert len(questions) > 0.8 * len(asked)
    assert all(entry.operation == "models" or entry.body.get("model") for entry in questions)


@pytest.mark.parametrize(
    ("host", "provider"), [("", "bedrock"), ("", "vertex"), ("bedrock", "anthropic"), ("bedrock", "vertex")]
)
def test_a_client_is_not_asked_where_a_host_answers_at_other_paths_than_it_asks(host: str, provider: str) -> None:
    client = replace(clients()["anthropic"], host=host)
    bench = Bench(client, cast("Driver", None), Switchboard(), "", count())
    cell = bench.provider(served_target(provider, None, PROVIDERS), capabilities()["chat"])
    assert cell.outcome.word == "n/a"
    assert "paths at which the provider answers" in cell.outcome.why


def test_a_fault_is_shown_at_a_host_by_what_its_sdk_is_handed() -> None:
    target = parse_target(f"{clients()['anthropic-bedrock'].befallen}@anthropic-messages", PROVIDERS)
    asked = question(FAULTS["anthropic.cut"], target, load_probes())
    assert isinstance(asked, Question)
    assert (asked.body["model"], asked.body["stream"]) == (target.model, True)
    assert "anthropic_version" not in asked.body


@pytest.mark.enable_socket
@pytest.mark.parametrize("client", NATIVE, ids=lambda client: client.name)
def test_an_installed_sdk_has_every_plain_answer_right(client: Client) -> None:
    if here(client) is None:
        pytest.skip(f"{client.package} is not installed here")
    target = parse_target(f"{client.befallen}@{client.dialect}", PROVIDERS)
    cells = run([client], MatrixPlan(targets=[target]), shared=True)[0]
    assert {cell.case: cell.outcome for cell in cells if cell.outcome.word not in {"right", "n/a"}} == {}
    assert "right" in {cell.outcome.word for cell in cells}
