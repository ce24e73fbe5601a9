"""Clients of all protocols but chat, where `make clients` made their environments: text, calls and errors, emulated and replayed."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.emulator.clients import environments
from conformance.emulator.clients.catalogue import Client, clients
from conformance.emulator.clients.matrix import MatrixPlan, run
from conformance.emulator.replay.tape import load_tape
from conformance.errors import UnusableInputError
from conformance.providers import load_providers, parse_target

pytestmark = pytest.mark.enable_socket
ROOT = Path(__file__).parents[2]
#: A dialect's recordings, by the emulator: every form of its answers, and no model's whims.
FOLDERS = {
    "openai-responses": "openai/gpt-5.6-luna/openai-responses",
    "anthropic-messages": "anthropic/claude-haiku-4-5/anthropic-messages",
    "gemini": "gemini/gemini-3.6-flash/gemini",
    "bedrock-converse": "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/bedrock-converse",
    "cohere": "cohere/command-a-03-2025/cohere",
    "ollama": "ollama/gpt-oss%3A20b/ollama",
}
REPLAYED = ("stream", "tools-auto-stream", "error-unknown-model")
ASKED = {"stream", "tools", "tools-stream", "error-model"}
#: What a client is known to lose even of what is right.
LOSES = {
    "langchain-google-genai": "is lost",  # 4.4.3 raises its own exceptions, without the status
    "ollama": "tool_calls",  # 0.6.3 has no word for the id of a call
}


@pytest.mark.parametrize(
    "client", [client for client in clients().values() if client.dialect in FOLDERS], ids=lambda client: client.name
)
def test_text_tool_calls_and_errors_arrive_from_the_emulator_and_from_a_replay(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "FOLDER", ROOT / environments.FOLDER)
    monkeypatch.setattr("conformance.emulator.clients.bench.WITHIN", 20.0)  # none hangs: a busy machine must not fail
    try:
        environments.command(client)
    except UnusableInputError as error:
        pytest.skip(str(error))
    target = parse_target(f"{client.befallen}@{client.dialect}", load_providers())
    paths = [ROOT / "cassettes" / FOLDERS[client.dialect] / f"{name}.emulated.yaml" for name in REPLAYED]
    tape = load_tape(paths)[0]
    plan = MatrixPlan(targets=[target], emulated_recordings={target.id: tape.exchanges})
    cells = [cell for cell in run([client], plan)[0] if cell.table == "emulated-replay" or cell.case in ASKED]
    wrong = {cell.case: cell.outcome for cell in cells if cell.outcome.word not in {"right", "n/a"}}
    assert {case: outcome for case, outcome in wrong.items() if LOSES.get(client.name, "\0") not in outcome.why} == {}
    right = [cell.table for cell in cells if cell.outcome.word == "right"]
    assert right.count("provider") >= 2
    assert right.count("emulated-replay") >= 2
