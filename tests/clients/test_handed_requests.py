"""What a framework is handed for a protocol that it has its own words for, and which recordings the clients are tried on."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from conformance.emulator.clients.catalogue import clients
from conformance.emulator.clients.fault_questions import Question, question
from conformance.emulator.clients.recordings import recordings
from conformance.emulator.faults.table import FAULTS
from conformance.probes import load_probes
from conformance.providers import load_providers, parse_target

CASSETTES = Path(__file__).parents[2] / "cassettes"
CHAT = CASSETTES / "llamacpp/smollm2-135m-instruct/openai-chat"
EMULATED = {"openai-chat": "groq/openai%2Fgpt-oss-120b/openai-chat", "cohere": "cohere/command-a-03-2025/cohere"}
FRAMEWORKS = {client.dialect: client for client in clients().values() if client.handed != client.dialect}


@pytest.mark.parametrize("dialect", FRAMEWORKS)
def test_a_fault_of_any_dialect_is_asked_of_a_framework_in_the_words_of_chat(dialect: str) -> None:
    target = parse_target(f"{FRAMEWORKS[dialect].befallen}@{dialect}", load_providers())
    own = [fault for fault in FAULTS.values() if fault.dialect == dialect]
    asked = [question(fault, target, load_probes(), "openai-chat") for fault in own]
    bodies = [each.body for each in asked if isinstance(each, Question) and each.operation == "chat"]
    assert len(bodies) > 0.8 * len(own)
    assert all(isinstance(body["messages"], list) and body["model"] for body in bodies)
    tools = [tool for body in bodies for tool in body.get("tools", ())]
    assert tools
    assert {tool["type"] for tool in tools} == {"function"}


def test_emulated_recordings_stand_in_for_a_dialect_of_which_nothing_was_recorded(tmp_path: Path) -> None:
    copy(CHAT / "stream.yaml", tmp_path / "stream.yaml")
    for dialect, folder in EMULATED.items():
        copy(CASSETTES / folder / "stream.emulated.yaml", tmp_path / f"{dialect}.emulated.yaml")
    found = recordings([str(tmp_path)], ["openai-chat", "cohere"])
    assert list(found.recorded) == ["llamacpp/smollm2-135m-instruct"]
    assert list(found.emulated) == ["cohere/command-a-03-2025"]
    assert recordings([str(tmp_path)], ["openai-chat"]).emulated == {}


def test_of_answers_that_a_client_cannot_tell_apart_one_is_tried_and_of_errors_one_of_a_status(tmp_path: Path) -> None:
    for name in ("plain", "stream", "error-bad-key", "error-unknown-model"):
        for number in (1, 2):
            copy(CASSETTES / EMULATED["cohere"] / f"{name}.emulated.yaml", tmp_path / f"{name}-{number}.emulated.yaml")
    tried = [each for own in recordings([str(tmp_path)], ["cohere"]).emulated.values() for each in own]
    assert sorted(each.response.status or 0 for each in tried if each.response) == [200, 200, 401, 404]
