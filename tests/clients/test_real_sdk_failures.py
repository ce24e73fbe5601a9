"""Failures of real SDKs that people reported, shown again: by a fault of that kind, and by the reported answer where it is at hand."""

from __future__ import annotations

import json
from contextlib import ExitStack
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from conformance.emulator.clients.bench import Bench
from conformance.emulator.clients.catalogue import DRIVERS, clients
from conformance.emulator.clients.driver import Driver
from conformance.emulator.clients.environments import FOLDER, command, here
from conformance.emulator.clients.fault_questions import question
from conformance.emulator.clients.switchboard import Line, Switchboard
from conformance.emulator.faults.table import FAULTS
from conformance.emulator.loopback import loopback
from conformance.emulator.replay.app import Replay
from conformance.emulator.replay.tape import Tape
from conformance.emulator.server import served_target
from conformance.errors import UnusableInputError
from conformance.probes import load_probes
from conformance.providers import load_providers
from conformance.recording.importers import read_exchanges
from conformance.wire.exchange import Exchange
from tests.samples.material import at_hand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.emulator.clients.outcome import Outcome

pytestmark = pytest.mark.enable_socket
ROOT = Path(__file__).parents[2]
MATERIAL = at_hand("answers")


class Failure(NamedTuple):
    """What a client makes of an answer: the word, and a piece of the sentence."""

    client: str
    word: str
    says: str


#: A fault -> what the openai SDK does with it, and the public thread in which users met it.
BY_FAULT = {
    "tool_call.index_missing": (Failure("openai", "raised", "TypeError"), "EricLBuehler/mistral.rs#1507"),
    "tool_call.index_from_one": (Failure("openai", "raised", "IndexError"), "AstrBotDevs/AstrBot#9593"),
    "tool_call.index_shared": (Failure("openai", "silent", "tool_calls"), "su-kaka/gcli2api#406"),
    "tool_call.id_changes": (Failure("openai", "silent", "tool_calls"), "poolsideai/pool#9"),
    "chunk.choices_missing": (Failure("openai", "raised", "TypeError"), "vercel/ai#7417"),
    "sse.comment_as_data": (Failure("openai", "raised", "JSONDecodeError"), "mnfst/llm-gateway#2053"),
    "envelope.no_choices": (Failure("openai", "silent", "text is []"), "pydantic/pydantic-ai#2323"),
}
#: An answer of our own, of a kind that was reported -> what SDKs do with it.
BY_SAMPLE = {
    "index-missing#0": [
        Failure("openai", "raised", "TypeError"),
        Failure("openai-node", "silent", "tool_calls is [[]]"),
    ],
    "index-from-one#0": [Failure("openai", "raised", "IndexError"), Failure("openai-node", "raised", "undefined")],
    "index-shared#0": [Failure("openai", "silent", "call_1call_2")],
    "id-changes#0": [Failure("openai", "silent", "call_1call_2")],
    "id-null#0": [Failure("litellm", "silent", "tool_calls is [[]]")],
    "finish-twice#0": [Failure("langchain-openai", "silent", "tool_callsstop")],
    "cut-in-arguments#0": [Failure("litellm", "silent", 'finish_reason is ["stop"]')],
    "comment-as-data#0": [
        Failure("openai", "raised", "JSONDecodeError"),
        Failure("openai-node", "raised", "not valid JSON"),
    ],
    "usage-without-choices#0": [Failure("openai", "raised", "NoneType"), Failure("groq", "raised", "NoneType")],
    "all-null#0": [
        Failure("openai", "raised", "NoneType"),
        Failure("langchain-openai", "raised", "null value for 'choices'"),
    ],
    "role-missing#0": [Failure("openai-node", "raised", "missing role")],
    "finish-error#0": [Failure("mistralai", "right", ""), Failure("litellm", "raised", "MidStreamFallbackError")],
}
#: A reported answer -> what SDKs do with it. Another SDK than the one in the report may take it better, or worse.
BY_REPORT = {
    "B003#0": [Failure("openai", "raised", "TypeError"), Failure("openai-node", "silent", "tool_calls is [[]]")],
    "B010#0": [Failure("openai", "raised", "IndexError"), Failure("openai-node", "raised", "undefined")],
    "B013#0": [Failure("openai", "silent", "call_1call_2call_3")],
    "B021#0": [Failure("openai", "silent", "call_p1call_p2")],
    "B024#0": [Failure("litellm", "silent", "tool_calls is [[]]")],
    "B062#0": [Failure("langchain-openai", "silent", "tool_callsstop")],
    "B083#0": [Failure("litellm", "silent", 'finish_reason is ["stop"]')],
    "B090#0": [Failure("openai", "raised", "JSONDecodeError"), Failure("openai-node", "raised", "not valid JSON")],
    "B100#0": [Failure("openai", "raised", "NoneType"), Failure("groq", "raised", "NoneType")],
    "B107#0": [
        Failure("openai", "raised", "NoneType"),
        Failure("langchain-openai", "raised", "null value for 'choices'"),
    ],
    "B115#0": [Failure("openai-node", "raised", "missing role")],
    # The report's own SDK has learned it since: mistralai 3.7 takes the finish reason `error`; LiteLLM does not.
    "B069#0": [Failure("mistralai", "right", ""), Failure("litellm", "raised", "MidStreamFallbackError")],
}


class Stage:
    """One server and one process a client, for all tests: an SDK takes seconds to import."""

    def __init__(self, url: str, board: Switchboard, stack: ExitStack) -> None:
        self._url, self._board, self._stack = url, board, stack
        self._numbers = count()
        self._benches: dict[str, Bench] = {}

    def bench(self, client: str) -> Bench:
        """Return a client's bench."""
        if client not in self._benches:
            driver = self._stack.enter_context(Driver(*started(client), client))
            self._benches[client] = Bench(clients()[client], driver, self._board, self._url, self._numbers)
        return self._benches[client]

    def ask(self, words: list[str], exchange: Exchange, **case: Any) -> dict[str, Any]:
        """Return a driver's result for a recorded answer."""
        name = f"case{next(self._numbers)}"
        self._board.lines[name] = Line(Replay(Tape([exchange])), "/v1")
        base = {"case": name, "base_url": f"{self._url}/{name}", "api_key": "any", "retries": 0, "timeout": 5.0}
        with Driver(words, DRIVERS, "client") as driver:
            result = driver.ask({**base, **case}, within=60.0)
        assert result is not None
        return result


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    board = Switchboard()
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack, loopback(board) as url:
        patch.setattr("conformance.emulator.clients.environments.FOLDER", ROOT / FOLDER)
        patch.setattr(
            "conformance.emulator.clients.bench.WITHIN", 20.0
        )  # none of these hangs: a busy machine must not fail them
        yield Stage(url, board, stack)


def started(client: str) -> tuple[list[str], Path]:
    """Return the command of a client's driver: of its own environment, else of this one."""
    try:
        return command(clients()[client])
    except UnusableInputError:
        words = here(clients()[client])
    if words is None:
        pytest.skip(f"{client} is not installed: make clients")
    return words, DRIVERS


@cache
def answers() -> dict[str, Exchange]:
    """Return our own answers, and the reported ones where they stand beside the checkout."""
    read = (exchange for material in MATERIAL for exchange in read_exchanges(material.answers))
    return {exchange.id: exchange for exchange in read if isinstance(exchange, Exchange)}


def both(sample: list[Any], beside: list[Any]) -> list[Any]:
    """Return ids of our own answers, and those of reported ones where they are at hand."""
    return [*sample, *(beside if len(MATERIAL) > 1 else [])]


def shows(outcome: Outcome, failure: Failure) -> None:
    assert outcome.word == failure.word, outcome
    assert failure.says in outcome.why


@pytest.mark.parametrize("fault", BY_FAULT)
def test_a_fault_breaks_the_openai_sdk_as_it_was_reported(fault: str, stage: Stage) -> None:
    failure, _ = BY_FAULT[fault]
    target = served_target("openai", "gpt-4.1-mini", load_providers())
    asked = question(FAULTS[fault], target, load_probes())
    shows(stage.bench(failure.client).fault(target, fault, asked).outcome, failure)


@pytest.mark.parametrize(
    ("answer", "failure"),
    [(answer, failure) for answer in both([*BY_SAMPLE], [*BY_REPORT]) for failure in (BY_SAMPLE | BY_REPORT)[answer]],
)
def test_an_answer_of_a_reported_kind_breaks_the_sdk_again(answer: str, failure: Failure, stage: Stage) -> None:
    shows(stage.bench(failure.client).replayed("replay", answer, answers()[answer]).outcome, failure)


@pytest.mark.parametrize("answer", both(["models-array#0"], ["B171#0", "B172#0"]))
def test_a_bare_array_of_models_is_no_listing_to_the_openai_sdk(answer: str, stage: Stage) -> None:
    exchange = answers()[answer]
    result = stage.ask(started("openai")[0], exchange, operation="models", body={})
    assert exchange.response is not None
    assert result.get("models") != [each["id"] for each in json.loads(exchange.response.body)]


@pytest.mark.parametrize(("answer", "kept"), both([("block-index-twice#0", "It is 1006 km long.")], [("B242#0", "")]))
def test_a_block_index_sent_twice_loses_the_anthropic_sdks_text_unless_both_blocks_are_texts(
    answer: str, kept: str, stage: Stage
) -> None:
    exchange = answers()[answer]
    words, _ = started("groq")  # in the vendors' environment, as it is
    result = stage.ask(
        [words[0], str(DRIVERS / "anthropic_sdk.py")], exchange, operation="chat", body=exchange.request.json
    )
    assert result["outcome"] == "raised" or (result["choices"][0]["text"] or "") == kept, result
