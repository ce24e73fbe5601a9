"""simonw/llm: its chat model with another `api_base`, as extra-openai-models.yaml makes it."""

from __future__ import annotations

import openai
from cases import BASE_URL, FACT, KEY, MODEL, QUESTION, UNKNOWN_MODEL, WEATHER, Cases, refused
from llm.default_plugins.openai_models import AsyncChat, Chat
from pydantic import BaseModel

case = Cases()
abilities = {"supports_schema": True, "supports_tools": True}


class City(BaseModel):
    name: str
    country: str


def model(name: str = MODEL) -> Chat:
    return Chat(f"peer/{name}", model_name=name, key=KEY, api_base=BASE_URL, **abilities)


def get_weather(city: str) -> str:
    """Get the weather in a city."""
    return f"{city}: {FACT}"


@case()
def prompt() -> None:
    assert "Paris" in model().prompt(QUESTION, stream=False, key=KEY).text()


@case()
def prompt_streamed() -> None:
    parts = list(model().prompt(QUESTION, stream=True, key=KEY))
    assert len(parts) > 1
    assert "Paris" in "".join(parts)


@case()
async def prompt_async() -> None:
    asynchronous = AsyncChat(f"peer/{MODEL}", model_name=MODEL, key=KEY, api_base=BASE_URL, **abilities)
    assert "Paris" in await asynchronous.prompt(QUESTION, key=KEY).text()


@case()
def conversation() -> None:
    conversation = model().conversation()
    conversation.prompt("My name is Ada.", key=KEY).text()
    assert "Paris" in conversation.prompt(QUESTION, key=KEY).text()


@case("tools")
def chain() -> None:
    assert "18" in model().chain(WEATHER, tools=[get_weather], stream=False, key=KEY).text()


@case("tools")
def chain_streamed() -> None:
    assert "18" in model().chain(WEATHER, tools=[get_weather], stream=True, key=KEY).text()


@case("json_schema")
def schema() -> None:
    City.model_validate_json(model().prompt("Describe Paris.", schema=City, stream=False, key=KEY).text())


@case()
def error_model() -> None:
    error = refused(lambda: model(UNKNOWN_MODEL).prompt(QUESTION, stream=False, key=KEY).text())
    assert isinstance(error, openai.APIStatusError), repr(error)


if __name__ == "__main__":
    case.run()
