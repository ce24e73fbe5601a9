"""The emulator in bedrock-converse: bodies, binary frames, thinking, calls, limits and refusals, as the service documents them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from stack import NOW, PROVIDERS

from conformance.emulator.app import Emulator
from conformance.providers import parse_target
from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.dialects import DIALECTS
from conformance.wire.exchange import Exchange, Request, Response
from conformance.wire.frames import FRAMES_TYPE, parse_frames
from conformance.wire.sentinels import INVALID_KEY, NO_SUCH_GUARDRAIL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.response import Answered

pytest.importorskip("botocore", reason="the extra [bedrock] is not installed")

MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
TARGET = parse_target(f"bedrock/{MODEL}", PROVIDERS)
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"toolSpec": {"name": "get_weather", "description": "The weather of a city", "inputSchema": {"json": SCHEMA}}}
TOOLS = {"toolConfig": {"tools": [WEATHER]}}
THINK = {
    "additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 1024}},
    "inferenceConfig": {"maxTokens": 2048},
}


def says(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [{"text": text}]}]}


def request(body: Mapping[str, Any], *, stream: bool = False, key: str = "any", model: str = MODEL) -> Request:
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {key}"} if key else {})
    path = f"model/{model.replace(':', '%3A')}/converse{'-stream' if stream else ''}"
    url = f"https://bedrock-runtime.us-east-1.amazonaws.com/{path}"
    return Request("POST", url, headers, json.dumps(body).encode())


@pytest.fixture
def app() -> Emulator:
    return Emulator(TARGET, clock=lambda: NOW)


def cased(asked: Request, answered: Answered) -> Case:
    return Case(Exchange("x", asked, Response(answered.status, dict(answered.headers), answered.body, "clean")))


def create(app: Emulator, **body: Any) -> dict[str, Any]:
    return json.loads(app.answer(request(body)).body)  # type: ignore[no-any-return]


def chosen(**choice: Any) -> dict[str, Any]:
    return {"toolConfig": {"tools": [WEATHER], "toolChoice": choice}}


PLACE = {"schema": json.dumps({"type": "object", "properties": {"fruit": {"type": "string"}}, "required": ["fruit"]})}
ASKS: dict[str, dict[str, Any]] = {
    "text": says("Say hello."),
    "system": {"system": [{"text": "Be short."}], **says("Say hello.")},
    "call": {**says("What is the weather in Oslo?"), **TOOLS},
    "calls": {**says("What is the weather in Oslo and in Lima?"), **TOOLS},
    "forced": {**says("Hi"), **chosen(tool={"name": "get_weather"})},
    "any": {**says("Hi"), **chosen(any={})},
    "cut": {**says("Write a long story."), "inferenceConfig": {"maxTokens": 20}},
    "cut call": {**says("Hi"), **chosen(any={}), "inferenceConfig": {"maxTokens": 9}},
    "thinking": {**says("Say hello."), **THINK},
    "thinking call": {**says("What is the weather in Oslo?"), **TOOLS, **THINK},
    "schema": {
        **says("Name a fruit."),
        "outputConfig": {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": PLACE}}},
    },
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
@pytest.mark.parametrize("stream", [False, True], ids=["body", "stream"])
def test_an_answer_breaks_no_rule(app: Emulator, ask: dict[str, Any], stream: bool) -> None:  # noqa: FBT001 - a table's column
    asked = request(ask, stream=stream)
    judged = judge(cased(asked, app.answer(asked)))
    assert [finding.message for finding in judged.findings] == []
    assert len(judged.checked) >= 20


@pytest.mark.parametrize("ask", [ask for name, ask in ASKS.items() if name != "cut call"])
def test_the_events_of_a_stream_build_the_message_that_a_body_would_be(ask: dict[str, Any]) -> None:
    def reply(*, stream: bool) -> Any:
        asked = request(ask, stream=stream)
        return cased(asked, Emulator(TARGET, clock=lambda: NOW).answer(asked)).reply

    whole, built = reply(stream=False), reply(stream=True)
    blocks = [DIALECTS["bedrock-converse"].carry_on([], one)[0]["content"] for one in (whole, built)]
    for block in (*blocks[0], *blocks[1]):
        block.get("toolUse", {}).pop("toolUseId", None)
        block.get("reasoningContent", {}).get("reasoningText", {}).pop("signature", None)
    assert blocks[0] == blocks[1]
    assert whole.usages[0].value == built.usages[0].value
    assert whole.choices[0].finish_reason == built.choices[0].finish_reason


def test_a_stream_is_frames_and_a_text_has_no_start(app: Emulator) -> None:
    answered = app.answer(request(says("Say hello."), stream=True))
    assert answered.headers["content-type"] == FRAMES_TYPE
    kinds = [event.type for event in parse_frames(answered.body).events]
    assert (kinds[:2], kinds[-3:]) == (
        ["messageStart", "contentBlockDelta"],
        ["contentBlockStop", "messageStop", "metadata"],
    )


@pytest.mark.parametrize(
    ("ask", "reason"), [("text", "end_turn"), ("call", "tool_use"), ("cut", "max_tokens"), ("cut call", "max_tokens")]
)
def test_the_stop_reason_says_why(app: Emulator, ask: str, reason: str) -> None:
    assert create(app, **ASKS[ask])["stopReason"] == reason


def test_the_path_names_the_model_and_another_of_the_provider_answers_too(app: Emulator) -> None:
    assert app.answer(request(says("Hi"), model="us.amazon.nova-2-lite-v1:0")).status == 200


CALLED = {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t1", "name": "get_weather", "input": {}}}]}
RESULT = {"role": "user", "content": [{"toolResult": {"toolUseId": "t1", "content": [{"text": "x"}]}}]}
HELLO = {"role": "user", "content": [{"text": "Hi"}]}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"inferenceConfig": {"maxTokens": 0}}, "maxTokens"),
        ({"inferenceConfig": {"temperature": 2}}, "temperature"),
        ({"messages": []}, "messages"),
        ({"messages": [CALLED]}, "start with a user message"),
        ({"messages": [HELLO, HELLO]}, "alternate"),
        ({"messages": [HELLO, CALLED, HELLO], **TOOLS}, "Expected toolResult"),
        ({"messages": [RESULT], **TOOLS}, "exceeds the number of toolUse"),
        ({"messages": [HELLO, CALLED, RESULT]}, "toolConfig"),
        ({"messages": [{"role": "user", "content": []}]}, "messages.0 is empty"),
        (chosen(tool={"name": "nobody"}), "nobody"),
    ],
)
def test_a_refusal_has_the_clouds_envelope(app: Emulator, body: dict[str, Any], words: str) -> None:
    answered = app.answer(request({**says("Hi"), **body}))
    assert (answered.status, answered.headers["x-amzn-errortype"]) == (400, "ValidationException")
    message = json.loads(answered.body)
    assert set(message) == {"message"}
    assert words in message["message"]


NOVA, DEEPSEEK = "us.amazon.nova-2-lite-v1:0", "deepseek.r1-v1:0"
VIDEO = {"video": {"format": "mp4", "source": {"bytes": "AAAA"}}}
STORED = {"document": {"name": "d", "format": "pdf", "source": {"s3Location": {"uri": "s3://b/d.pdf"}}}}
CARRIED = {"document": {"name": "d", "format": "txt", "source": {"text": "Rain."}}}


@pytest.mark.parametrize(
    ("model", "block", "words"),
    [
        (MODEL, VIDEO, "doesn't support the video content block"),
        ("eu.anthropic.claude-haiku-4-5-20251001-v1:0", VIDEO, "doesn't support the video content block"),
        (MODEL, STORED, "messages.0.content.1.document.source.type: Field required"),
        (DEEPSEEK, {"text": "Hi"}, f"Invocation of model ID {DEEPSEEK} with on-demand throughput"),
        ("anthropic.claude-sonnet-4-5-20250929-v1:0", {"text": "Hi"}, "with on-demand throughput"),
        (MODEL, CARRIED, None),
        (NOVA, VIDEO, None),
        (NOVA, STORED, None),
        (f"us.{DEEPSEEK}", {"text": "Hi"}, None),
        ("anthropic.claude-3-haiku-20240307-v1:0", {"text": "Hi"}, None),
    ],
)
def test_a_model_refuses_what_it_does_not_read_and_another_takes_it(
    model: str, block: dict[str, Any], words: str | None
) -> None:
    app = Emulator(parse_target(f"bedrock/{model}", PROVIDERS), clock=lambda: NOW)
    body = {"messages": [{"role": "user", "content": [{"text": "Look."}, block]}]}
    answered = app.answer(request(body, model=model))
    assert answered.status == (200 if words is None else 400)
    assert words is None or words in json.loads(answered.body)["message"]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("guardrail", "trace", "status"),
    [("a1b2c3", "enabled", 200), ("a1b2c3", "disabled", 200), (NO_SUCH_GUARDRAIL, "enabled", 400)],
)
def test_a_guardrail_of_the_account_is_applied_and_says_so_where_it_is_asked(
    app: Emulator, guardrail: str, trace: str, status: int, *, stream: bool
) -> None:
    config = {"guardrailIdentifier": guardrail, "guardrailVersion": "DRAFT", "trace": trace}
    asked = request({**says("Say hello."), "guardrailConfig": config}, stream=stream)
    answered = app.answer(asked)
    assert answered.status == status
    if status == 200:
        assert (b'"guardrail"' in answered.body) is (trace == "enabled")
        assert not judge(cased(asked, answered)).findings


def test_an_unknown_model_is_a_400(app: Emulator) -> None:
    answered = app.answer(request(says("Hi"), model="no-such-model"))
    assert (answered.status, json.loads(answered.body)["message"]) == (400, "The provided model identifier is invalid.")


@pytest.mark.parametrize(
    ("key", "kind"), [("", "MissingAuthenticationTokenException"), (INVALID_KEY, "UnrecognizedClientException")]
)
def test_a_key_that_is_none_is_refused(app: Emulator, key: str, kind: str) -> None:
    answered = app.answer(request(says("Hi"), key=key))
    assert (answered.status, answered.headers["x-amzn-errortype"]) == (403, kind)


def test_the_same_server_answers_chat_at_its_own_address(app: Emulator) -> None:
    body = json.dumps({"model": "openai.gpt-oss-20b-1:0", "messages": [{"role": "user", "content": "Hi"}]}).encode()
    url = "https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1/chat/completions"
    answered = app.answer(Request("POST", url, {"authorization": "Bearer any"}, body))
    assert (answered.status, json.loads(answered.body)["object"]) == (200, "chat.completion")
