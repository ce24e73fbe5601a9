"""haystack: OpenAIChatGenerator with another base URL."""

from __future__ import annotations

import openai
from cases import BASE_URL, FACT, KEY, MODEL, QUESTION, UNKNOWN_MODEL, WEATHER, Cases, refused
from haystack.components.agents import Agent
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import Tool
from haystack.utils import Secret
from pydantic import BaseModel

case = Cases()
schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


class City(BaseModel):
    name: str
    country: str


def weather() -> Tool:
    return Tool(
        name="get_weather",
        description="Get the weather in a city.",
        parameters=schema,
        function=lambda city: f"{city}: {FACT}",
    )


def generator(model: str = MODEL, **options: object) -> OpenAIChatGenerator:
    return OpenAIChatGenerator(
        model=model, api_key=Secret.from_token(KEY), api_base_url=BASE_URL, max_retries=0, **options
    )


@case()
def run() -> None:
    reply = generator().run([ChatMessage.from_user(QUESTION)])["replies"][0]
    assert "Paris" in reply.text
    assert reply.meta["finish_reason"] == "stop"


@case()
def run_streamed() -> None:
    chunks = []
    reply = generator(streaming_callback=chunks.append).run([ChatMessage.from_user(QUESTION)])["replies"][0]
    assert len(chunks) > 1
    assert "Paris" in reply.text


@case("tools")
def tool_call() -> None:
    reply = generator(tools=[weather()]).run([ChatMessage.from_user(WEATHER)])["replies"][0]
    assert [(call.tool_name, call.arguments) for call in reply.tool_calls] == [("get_weather", {"city": "Paris"})]


@case("tools")
def tool_call_streamed() -> None:
    chunks = []
    reply = generator(tools=[weather()], streaming_callback=chunks.append).run([ChatMessage.from_user(WEATHER)])[
        "replies"
    ][0]
    assert [call.arguments for call in reply.tool_calls] == [{"city": "Paris"}]


@case("tools")
def agent() -> None:
    result = Agent(chat_generator=generator(), tools=[weather()]).run(messages=[ChatMessage.from_user(WEATHER)])
    assert "18" in result["messages"][-1].text


@case("json_schema")
def structured() -> None:
    options = {"response_format": City}
    reply = generator().run([ChatMessage.from_user("Describe Paris.")], generation_kwargs=options)["replies"][0]
    City.model_validate_json(reply.text)


@case()
def error_model() -> None:
    error = refused(lambda: generator(UNKNOWN_MODEL).run([ChatMessage.from_user(QUESTION)]))
    assert isinstance(error, openai.APIStatusError), repr(error)


if __name__ == "__main__":
    case.run()
