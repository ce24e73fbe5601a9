"""litellm: `completion` by its own name of the provider, with `api_base`."""

from __future__ import annotations

import json

import litellm
from cases import BASE_URL, CLIENT, FACT, KEY, MODEL, ORIGIN, QUESTION, UNKNOWN_MODEL, WEATHER, Cases, refused
from pydantic import BaseModel

case = Cases()
asked = [{"role": "user", "content": QUESTION}]
parameters = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
weather = {
    "type": "function",
    "function": {"name": "get_weather", "description": "Get the weather in a city.", "parameters": parameters},
}
# Where LiteLLM appends the whole path itself, it is given the origin.
address = ORIGIN if CLIENT == "anthropic" else f"{ORIGIN}/v1beta" if CLIENT == "gemini" else BASE_URL


class City(BaseModel):
    name: str
    country: str


def completion(model: str = MODEL, **options: object) -> litellm.ModelResponse:
    options = {"messages": asked, **options}
    return litellm.completion(
        f"{CLIENT}/{model}", api_base=address, api_key=KEY, num_retries=0, max_retries=0, **options
    )


@case()
def complete() -> None:
    answer = completion()
    assert "Paris" in answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens > 0


@case()
def stream() -> None:
    chunks = list(completion(stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert "Paris" in text
    assert "Paris" in litellm.stream_chunk_builder(chunks, messages=asked).choices[0].message.content


@case()
async def complete_async() -> None:
    answer = await litellm.acompletion(
        f"{CLIENT}/{MODEL}", messages=asked, api_base=address, api_key=KEY, num_retries=0
    )
    assert "Paris" in answer.choices[0].message.content


@case("tools")
def tool_call() -> None:
    answer = completion(messages=[{"role": "user", "content": WEATHER}], tools=[weather]).choices[0]
    assert [json.loads(call.function.arguments) for call in answer.message.tool_calls] == [{"city": "Paris"}]
    assert answer.finish_reason == "tool_calls"


@case("tools")
def tool_call_streamed() -> None:
    chunks = list(completion(messages=[{"role": "user", "content": WEATHER}], tools=[weather], stream=True))
    message = litellm.stream_chunk_builder(chunks).choices[0].message
    assert [json.loads(call.function.arguments) for call in message.tool_calls] == [{"city": "Paris"}]


@case("tools")
def tool_result() -> None:
    messages = [{"role": "user", "content": WEATHER}]
    first = completion(messages=messages, tools=[weather]).choices[0].message
    messages += [first, {"role": "tool", "tool_call_id": first.tool_calls[0].id, "content": FACT}]
    assert "18" in completion(messages=messages, tools=[weather]).choices[0].message.content


@case("json_schema")
def structured() -> None:
    City.model_validate_json(completion(response_format=City).choices[0].message.content)


@case()
def error_model() -> None:
    error = refused(lambda: completion(UNKNOWN_MODEL))
    assert 400 <= getattr(error, "status_code", 0) < 500, repr(error)


if __name__ == "__main__":
    case.run()
