"""openai-python: what its own helpers make of the answers: streams, `parse`, tools that Pydantic describes, pages of models, errors."""

from __future__ import annotations

import openai
from cases import BASE_URL, FACT, KEY, MODEL, QUESTION, UNKNOWN_MODEL, WEATHER, Cases, refused
from pydantic import BaseModel

case = Cases()
client = openai.OpenAI(base_url=BASE_URL, api_key=KEY, max_retries=0)
asked = [{"role": "user", "content": QUESTION}]


class GetWeather(BaseModel):
    """Get the weather in a city."""

    city: str


class City(BaseModel):
    name: str
    country: str
    population: int


tool = openai.pydantic_function_tool(GetWeather, name="get_weather")


@case()
def create() -> None:
    answer = client.chat.completions.create(model=MODEL, messages=asked)
    assert "Paris" in answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens > 0


@case()
def create_streamed() -> None:
    chunks = list(client.chat.completions.create(model=MODEL, messages=asked, stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert "Paris" in text
    assert len({chunk.id for chunk in chunks}) == 1


@case()
def stream_helper() -> None:
    with client.chat.completions.stream(model=MODEL, messages=asked) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_completion()
    assert "content.delta" in kinds
    assert "content.done" in kinds
    assert "Paris" in final.choices[0].message.content


@case("tools")
def tools_parsed() -> None:
    answer = client.chat.completions.parse(model=MODEL, messages=[{"role": "user", "content": WEATHER}], tools=[tool])
    calls = answer.choices[0].message.tool_calls
    assert [call.function.parsed_arguments for call in calls] == [GetWeather(city="Paris")]


@case("tools")
def tools_streamed() -> None:
    messages = [{"role": "user", "content": WEATHER}]
    with client.chat.completions.stream(model=MODEL, messages=messages, tools=[tool]) as stream:
        done = [event for event in stream if event.type == "tool_calls.function.arguments.done"]
    assert [event.parsed_arguments for event in done] == [GetWeather(city="Paris")]


@case("tools")
def tool_result() -> None:
    messages = [{"role": "user", "content": WEATHER}]
    first = client.chat.completions.create(model=MODEL, messages=messages, tools=[tool]).choices[0].message
    messages += [first, {"role": "tool", "tool_call_id": first.tool_calls[0].id, "content": FACT}]
    second = client.chat.completions.create(model=MODEL, messages=messages, tools=[tool])
    assert "18" in second.choices[0].message.content


@case("json_schema")
def structured() -> None:
    answer = client.chat.completions.parse(model=MODEL, messages=asked, response_format=City)
    assert isinstance(answer.choices[0].message.parsed, City)


@case("json_schema")
def structured_streamed() -> None:
    with client.chat.completions.stream(model=MODEL, messages=asked, response_format=City) as stream:
        final = stream.get_final_completion()
    assert isinstance(final.choices[0].message.parsed, City)


@case("models_list")
def models() -> None:
    assert MODEL.rpartition("/")[2] in {model.id.rpartition("/")[2] for model in client.models.list()}


@case("models_retrieve")
def model() -> None:
    assert client.models.retrieve(MODEL).id == MODEL


@case()
def error_key() -> None:
    error = refused(
        lambda: client.with_options(api_key="sk-conformance-invalid-key").chat.completions.create(
            model=MODEL, messages=asked
        )
    )
    assert isinstance(error, openai.APIStatusError)
    assert error.status_code in {400, 401}


@case()
def error_model() -> None:
    error = refused(lambda: client.chat.completions.create(model=UNKNOWN_MODEL, messages=asked))
    assert isinstance(error, openai.BadRequestError | openai.NotFoundError), repr(error)
    assert error.body


if __name__ == "__main__":
    case.run()
