"""The openai SDK's Responses client in the matrix: as it is installed here, against the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.emulator.clients.catalogue import clients
from conformance.emulator.clients.environments import here
from conformance.emulator.clients.fault_questions import question
from conformance.emulator.clients.matrix import Befallen, MatrixPlan, run
from conformance.emulator.faults.table import FAULTS
from conformance.emulator.server import served_target
from conformance.probes import load_probes
from conformance.providers import load_providers, parse_target

if TYPE_CHECKING:
    from conformance.emulator.clients.bench import ClientCell

CLIENT = clients()["openai-responses"]
PROVIDERS = load_providers()
TARGET = parse_target(f"{CLIENT.befallen}@{CLIENT.dialect}", PROVIDERS)
pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(here(CLIENT) is None, reason="the openai SDK is not installed here"),
]


def cells_of(plan: MatrixPlan) -> list[ClientCell]:
    return run([CLIENT], plan, shared=True)[0]


def test_every_plain_answer_of_a_provider_that_speaks_it_is_right_and_no_other_is_asked() -> None:
    other = served_target("cerebras", None, PROVIDERS)
    cells = cells_of(MatrixPlan(targets=[TARGET, other], statuses=[401, 503]))
    wrong = [cell for cell in cells if cell.subject != other.id and cell.outcome.word not in {"right", "n/a"}]
    assert wrong == []
    assert {cell.outcome.word for cell in cells if cell.subject == TARGET.id} == {"right", "n/a"}
    assert {cell.outcome.why for cell in cells if cell.subject == other.id} == {
        "the provider does not speak openai-responses"
    }


def test_faults_raise_or_lose_data_as_they_do_to_an_application() -> None:
    shown = {
        "responses.terminal_missing": "raised",
        "responses.id_changes": "raised",
        "responses.item_lost_at_end": "silent",
        "responses.call_id_missing": "silent",
        "responses.usage_of_chat": "silent",
        "responses.unnamed": "right",
        "sse.done_missing": "n/a",
    }
    chat = parse_target(CLIENT.befallen, PROVIDERS)
    asked = {name: question(FAULTS[name], chat, load_probes()) for name in shown}
    cells = cells_of(MatrixPlan(faults={CLIENT.name: Befallen(TARGET, asked)}))
    assert {cell.subject: cell.outcome.word for cell in cells} == shown
