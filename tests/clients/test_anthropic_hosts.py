"""Anthropic's SDK at Bedrock and at Vertex AI: it reads what the emulator serves there, and raises its own errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance import provider_server

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("boto3", reason="anthropic[bedrock] is not installed")
anthropic = pytest.importorskip("anthropic", reason="anthropic[bedrock] is not installed")

pytestmark = pytest.mark.enable_socket
MODELS = {"bedrock": "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "vertex": "claude-sonnet-4-5@20250929"}
HELLO: Any = {"max_tokens": 64, "messages": [{"role": "user", "content": "Say hello."}]}
WEATHER: Any = {"name": "get_weather", "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}}}


@pytest.fixture(params=["bedrock", "vertex"])
def host(request: pytest.FixtureRequest) -> Iterator[tuple[Any, str]]:
    """Yield a client of a host, and the model that it asks for."""
    with provider_server(request.param, dialect="anthropic-messages") as address:
        if request.param == "bedrock":
            keys = {"aws_access_key": "example", "aws_secret_key": "example", "aws_region": "us-east-1"}
            made = anthropic.AnthropicBedrock(base_url=address, max_retries=0, **keys)
        else:
            made = anthropic.AnthropicVertex(
                base_url=address.partition("/projects/")[0],
                project_id="my-project",
                region="global",
                access_token="any",  # noqa: S106 - nobody's
                max_retries=0,
            )
        with made:
            yield made, MODELS[request.param]


def test_a_message_and_a_stream_say_the_same(host: tuple[Any, str]) -> None:
    client, model = host
    whole = client.messages.create(model=model, **HELLO)
    with client.messages.stream(model=model, **HELLO) as stream:
        assert [block.text for block in stream.get_final_message().content] == [block.text for block in whole.content]


def test_a_call_is_streamed(host: tuple[Any, str]) -> None:
    client, model = host
    asked = {**HELLO, "messages": [{"role": "user", "content": "What is the weather in Oslo?"}], "tools": [WEATHER]}
    with client.messages.stream(model=model, **asked) as stream:
        (call,) = stream.get_final_message().content
    assert call.input == {"city": "Oslo"}


def test_a_refusal_is_the_error_of_its_status(host: tuple[Any, str]) -> None:
    client, _ = host
    with pytest.raises(anthropic.APIStatusError) as raised:
        client.messages.create(model="nobody", **HELLO)
    assert raised.value.status_code in {400, 404}
