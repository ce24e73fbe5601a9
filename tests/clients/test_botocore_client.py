"""botocore's own client, which boto3 is made of: it reads the emulator's and a replay's answers, and meets their faults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conformance import provider_server
from conformance.emulator.loopback import loopback
from conformance.emulator.replay.app import load_replay

if TYPE_CHECKING:
    from collections.abc import Iterator

session = pytest.importorskip("botocore.session", reason="the extra [bedrock] is not installed")
config = pytest.importorskip("botocore.config")
exceptions = pytest.importorskip("botocore.exceptions")

pytestmark = pytest.mark.enable_socket
MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = {"tools": [{"toolSpec": {"name": "get_weather", "inputSchema": {"json": SCHEMA}}}]}
CASSETTES = Path(__file__).parents[2] / "cassettes" / "bedrock"


def client(address: str) -> Any:
    """Return a client with credentials that nobody has: it signs what it sends."""
    return session.get_session().create_client(
        "bedrock-runtime",
        region_name="us-east-1",
        endpoint_url=address,
        aws_access_key_id="example",
        aws_secret_access_key="example",  # noqa: S106 - nobody's
        config=config.Config(retries={"max_attempts": 1}, proxies={}),
    )


@pytest.fixture(scope="module")
def bedrock() -> Iterator[Any]:
    with provider_server("bedrock") as address:
        yield client(address)


def says(text: str) -> dict[str, Any]:
    return {"modelId": MODEL, "messages": [{"role": "user", "content": [{"text": text}]}]}


def streamed(bedrock: Any, **asked: Any) -> tuple[str, str, list[str]]:
    """Return the text, the input of the call, and the kinds of the events of a stream."""
    text, arguments, kinds = "", "", []
    for event in bedrock.converse_stream(**asked)["stream"]:
        kinds += list(event)
        delta = event.get("contentBlockDelta", {}).get("delta", {})
        text += delta.get("text", "")
        arguments += delta.get("toolUse", {}).get("input", "")
    return text, arguments, kinds


def test_a_body_and_a_stream_say_the_same(bedrock: Any) -> None:
    whole = bedrock.converse(**says("Say hello."))
    text, _, kinds = streamed(bedrock, **says("Say hello."))
    assert whole["output"]["message"]["content"] == [{"text": text}]
    assert (whole["stopReason"], kinds[0], kinds[-1]) == ("end_turn", "messageStart", "metadata")


def test_a_tool_call_is_streamed(bedrock: Any) -> None:
    _, arguments, kinds = streamed(bedrock, **says("What is the weather in Oslo?"), toolConfig=TOOLS)
    assert arguments == '{"city": "Oslo"}'
    assert "contentBlockStart" in kinds


def test_an_error_is_the_exception_of_its_name(bedrock: Any) -> None:
    with pytest.raises(bedrock.exceptions.ValidationException, match="model identifier is invalid"):
        bedrock.converse(**{**says("Hi"), "modelId": "nobody"})


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("bedrock.exception_midway", "EventStreamError"),
        ("bedrock.checksum_wrong", "ChecksumMismatch"),
        ("bedrock.start_empty", "ResponseParserError"),
    ],
)
def test_a_fault_of_a_stream_is_raised(fault: str, error: str) -> None:
    with provider_server("bedrock", faults=[fault]) as address, pytest.raises(Exception) as raised:  # noqa: PT011 - of three modules
        streamed(client(address), **says("Say hello."))
    assert type(raised.value).__name__ == error


ASKED = {
    "anthropic_version": "bedrock-2023-05-31",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "Say hello."}],
}


def invoked(bedrock: Any, **more: Any) -> list[dict[str, Any]]:
    """Return the events of a stream of InvokeModel, as its chunks carry them."""
    answer = bedrock.invoke_model_with_response_stream(modelId=MODEL, body=json.dumps({**ASKED, **more}))
    return [json.loads(event["chunk"]["bytes"]) for event in answer["body"]]


def test_an_invoked_message_comes_whole_and_in_chunks_that_say_the_same(bedrock: Any) -> None:
    whole = json.loads(bedrock.invoke_model(modelId=MODEL, body=json.dumps(ASKED))["body"].read())
    events = invoked(bedrock)
    text = "".join(event["delta"].get("text", "") for event in events if event["type"] == "content_block_delta")
    assert [block["text"] for block in whole["content"]] == [text]
    assert (events[0]["type"], events[-1]["type"]) == ("message_start", "message_stop")
    assert events[-1]["amazon-bedrock-invocationMetrics"]["outputTokenCount"] == whole["usage"]["output_tokens"]


@pytest.mark.parametrize("more", [{"model": MODEL}, {"stream": True}, {"max_tokens": -1}])
def test_an_invocation_of_a_wrong_body_is_an_exception_in_either_form(bedrock: Any, more: dict[str, Any]) -> None:
    with pytest.raises(bedrock.exceptions.ValidationException):
        bedrock.invoke_model(modelId=MODEL, body=json.dumps({**ASKED, **more}))
    with pytest.raises(bedrock.exceptions.ValidationException):
        invoked(bedrock, **more)


@pytest.mark.parametrize(
    ("fault", "error"),
    [("bedrock.exception_midway", "EventStreamError"), ("bedrock.checksum_wrong", "ChecksumMismatch")],
)
def test_a_fault_of_frames_befalls_an_invocation(fault: str, error: str) -> None:
    with provider_server("bedrock", faults=[fault]) as address, pytest.raises(Exception) as raised:  # noqa: PT011 - of two modules
        invoked(client(address))
    assert type(raised.value).__name__ == error


@pytest.mark.skipif(not CASSETTES.is_dir(), reason="the cassettes are not here")
def test_a_recording_is_replayed_frame_by_frame() -> None:
    (cassette,) = CASSETTES.glob("*/bedrock-converse/stream-usage*.yaml")
    app, lines = load_replay([cassette], speed=1000.0)
    exchange = app.tape.exchanges[0]
    with loopback(app) as address:
        text, _, kinds = streamed(client(address), modelId=MODEL, **exchange.request.json)
    assert lines
    assert text
    assert kinds[-2:] == ["messageStop", "metadata"]


@pytest.mark.skipif(not CASSETTES.is_dir(), reason="the cassettes are not here")
def test_a_recorded_invocation_is_replayed_chunk_by_chunk() -> None:
    (cassette,) = CASSETTES.glob("*/anthropic-messages/stream-usage*.yaml")
    app, _ = load_replay([cassette], speed=1000.0)
    with loopback(app) as address:
        events = invoked(client(address), **app.tape.exchanges[0].request.json)
    assert (events[0]["type"], events[-1]["type"]) == ("message_start", "message_stop")
