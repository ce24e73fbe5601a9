"""A target in another dialect than its provider's default: asked in its own words, recorded beside the others, judged by its own rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from world import Answer

from conformance.recording.cassette import load
from tests.native import RESPONSE

if TYPE_CHECKING:
    from world import FakeServer, World

TARGET = "fake/m@openai-responses"
RULE = "responses.response_shape"
_TOML = """\
name = "fake"
base_url = "{url}"
dialect = "openai-chat"
dialects = ["openai-chat", "openai-responses", "gemini-interactions"]
auth = {{ header = "Authorization", scheme = "Bearer", env = "FAKE_API_KEY" }}
capabilities = ["n", "seed", "stop", "models_list"]
default_models = ["m"]
source = "invented"
read = 2026-11-21
[models.m]
"""


def response(text: str = "The sky is blue.", **changes: Any) -> Answer:
    message = {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": text, "annotations": []}],
    }
    return Answer({**RESPONSE, "model": "m", "output": [message], **changes})


@pytest.fixture
def spoken(world: World, server: FakeServer) -> World:
    world.write("providers/fake.toml", _TOML.format(url=server.url))
    server.answer = lambda _: response()
    return world


def call(world: World, verb: str, *arguments: str, target: str = TARGET) -> tuple[int, str]:
    result = world.call(verb, "--target", target, "--providers", "providers", "--as-of", "2026-11-21", *arguments)
    return result.code, result.out + result.err


def test_a_probe_is_asked_in_the_targets_words_and_its_recording_is_judged_offline(
    spoken: World, server: FakeServer
) -> None:
    result = spoken.call(
        "record", TARGET, "--providers", "providers", "--as-of", "2026-11-21", "--probe", "plain", "--probe", "replay"
    )
    assert result.code in {0, 2}, result
    path, _, body = server.asked[0]
    assert path == "/v1/responses"
    assert body["input"][0]["content"].startswith("What colour is the sky")
    assert ("messages" in body, body["max_output_tokens"]) == (False, 64)
    items = [item["type"] for item in server.asked[2][2]["input"]]
    assert items == ["message", "message", "message"], "the reply goes back between the two questions"
    cassette = load(spoken.folder / "cassettes/fake/m/openai-responses/plain.yaml")
    assert [exchange.dialect for exchange in cassette.exchanges] == ["openai-responses"]
    asked = len(server.asked)
    code, _ = call(spoken, "run", "-k", RULE)
    assert (code, spoken.verdict(RULE), len(server.asked)) == (0, "pass", asked)


def test_a_rule_of_the_dialect_fails_live(spoken: World, server: FakeServer) -> None:
    server.answer = lambda _: response(object="answer")
    code, out = call(spoken, "run", "--live", "-k", RULE)
    assert (code, spoken.cell(RULE)["verdict"]) == (1, "fail"), out
    assert f"--target {TARGET} --live" in out


def test_what_the_dialect_has_no_word_for_is_not_applicable_and_says_why(spoken: World) -> None:
    code, out = call(spoken, "run", "--live", "-k", "stop.excluded_from_output or usage.sum")
    assert code in {0, 2}, out
    cells = {cell["rule"]: cell for cell in json.loads((spoken.folder / "reports/results.json").read_text())["cells"]}
    assert cells["stop.excluded_from_output"]["verdict"] == "n/a"
    assert "openai-responses, which has no word for stop" in cells["stop.excluded_from_output"]["reason"]


def test_a_dialect_that_nobody_can_ask_says_so_and_asks_nothing(spoken: World, server: FakeServer) -> None:
    code, out = call(spoken, "run", "--live", target="fake/m@gemini-interactions")
    assert (code != 0, server.asked) == (True, []), out
