"""What rules say of the openai SDK (`breaks`), shown by running it over the broken answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

openai = pytest.importorskip("openai", reason="the openai SDK is a development dependency")
httpx2 = pytest.importorskip("httpx2", reason="the transport of openai 3")

ASSISTANT = {"role": "assistant"}


def chunk(delta: Any, finish: str | None = None, index: int = 0) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1750000000,
        "model": "m",
        "choices": [{"index": index, "delta": delta, "finish_reason": finish}],
    }


def call(**fields: Any) -> dict[str, Any]:
    return {"tool_calls": [fields]}


def client(body: str, content_type: str = "text/event-stream", status: int = 200) -> Any:
    answer = httpx2.MockTransport(lambda _: httpx2.Response(status, headers={"content-type": content_type}, text=body))
    http = httpx2.Client(transport=answer)
    return openai.OpenAI(api_key="none", base_url="http://localhost/v1", http_client=http, max_retries=0)


def sse(*chunks: dict[str, Any]) -> str:
    return "".join(f"data: {json.dumps(each)}\n\n" for each in chunks) + "data: [DONE]\n\n"


def ask(body: str, **options: Any) -> Any:
    return client(body, **options).chat.completions.create(model="m", messages=[{"role": "user", "content": "Hi"}])


def iterate(body: str) -> list[Any]:
    messages = [{"role": "user", "content": "Hi"}]
    return list(client(body).chat.completions.create(model="m", messages=messages, stream=True))


def assemble(*chunks: dict[str, Any]) -> Any:
    with client(sse(*chunks)).chat.completions.stream(
        model="m", messages=[{"role": "user", "content": "Hi"}]
    ) as stream:
        for _ in stream:
            pass
        return stream.get_final_completion().choices[0].message


OPEN = call(index=0, id="call_1", type="function", function={"name": "f", "arguments": "{"})


def test_conforming_stream_is_assembled() -> None:
    rest = call(index=0, function={"arguments": "}"})
    message = assemble(chunk(ASSISTANT), chunk(OPEN), chunk(rest), chunk({}, "tool_calls"))
    assert (message.role, message.tool_calls[0].id, message.tool_calls[0].function.arguments) == (
        "assistant",
        "call_1",
        "{}",
    )


def test_repeated_role_is_joined() -> None:
    message = assemble(chunk({**ASSISTANT, "content": "a"}), chunk({**ASSISTANT, "content": "b"}), chunk({}, "stop"))
    assert message.role == "assistantassistant"


def test_repeated_tool_call_id_is_joined() -> None:
    rest = call(index=0, id="call_1", function={"arguments": "}"})
    message = assemble(chunk(ASSISTANT), chunk(OPEN), chunk(rest), chunk({}, "tool_calls"))
    assert message.tool_calls[0].id == "call_1call_1"


def test_repeated_tool_name_is_joined() -> None:
    rest = call(index=0, function={"name": "f", "arguments": "}"})
    message = assemble(chunk(ASSISTANT), chunk(OPEN), chunk(rest), chunk({}, "tool_calls"))
    assert message.tool_calls[0].function.name == "ff"


def test_missing_tool_call_index_raises() -> None:
    first = call(id="call_1", type="function", function={"name": "f", "arguments": "{}"})
    with pytest.raises(TypeError, match="list indices"):
        assemble(chunk(ASSISTANT), chunk(first), chunk({}, "tool_calls"))


def test_tool_call_index_that_starts_at_one_raises() -> None:
    first = call(index=1, id="call_1", type="function", function={"name": "f", "arguments": "{}"})
    with pytest.raises(IndexError):
        assemble(chunk(ASSISTANT), chunk(first), chunk({}, "tool_calls"))


def test_choice_index_that_skips_raises() -> None:
    with pytest.raises(IndexError):
        assemble(chunk(ASSISTANT, index=1), chunk({}, "stop", index=1))


def test_missing_delta_raises() -> None:
    without = chunk({}, "stop")
    del without["choices"][0]["delta"]
    with pytest.raises(AttributeError):
        assemble(without)


def test_choices_null_raises() -> None:
    with pytest.raises(TypeError, match="not iterable"):
        assemble({**chunk(ASSISTANT), "choices": None})


@pytest.mark.parametrize("payload", ['{"choices": [{"del', ": PROCESSING", ""])
def test_payload_that_is_no_json_raises(payload: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        iterate(f"data: {payload}\n\n")


def test_cut_stream_passes_for_a_whole_answer() -> None:
    message = assemble(chunk({**ASSISTANT, "content": "Paris is the cap"}))
    assert message.content == "Paris is the cap"


def test_error_that_is_no_object_loses_its_message() -> None:
    with pytest.raises(openai.APIError) as raised:
        iterate('data: {"error": "overloaded"}\n\n')
    assert "overloaded" not in raised.value.message


def test_event_stream_for_a_plain_request_is_returned_as_text() -> None:
    assert isinstance(ask(sse(chunk(ASSISTANT))), str)


def test_flat_error_body_has_no_code() -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        ask('{"detail": "no"}', content_type="application/json", status=400)
    assert raised.value.code is None


def test_models_listed_without_data_is_empty() -> None:
    listed = client('{"models": [{"id": "m"}]}', content_type="application/json").models.list()
    assert not listed.data
