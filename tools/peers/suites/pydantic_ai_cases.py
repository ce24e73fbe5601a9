"""pydantic-ai: an agent's runs over the model classes that take a base URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases import BASE_URL, CLIENT, FACT, KEY, MODEL, ORIGIN, QUESTION, UNKNOWN_MODEL, WEATHER, Cases, refused
from pydantic import BaseModel
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.exceptions import ModelHTTPError

if TYPE_CHECKING:
    from pydantic_ai.models import Model

case = Cases()


class City(BaseModel):
    name: str
    country: str
    population: int


def model(name: str = MODEL) -> Model:
    if CLIENT == "groq":
        from pydantic_ai.models.groq import GroqModel
        from pydantic_ai.providers.groq import GroqProvider

        return GroqModel(name, provider=GroqProvider(base_url=ORIGIN, api_key=KEY))
    if CLIENT == "mistral":
        from pydantic_ai.models.mistral import MistralModel
        from pydantic_ai.providers.mistral import MistralProvider

        return MistralModel(name, provider=MistralProvider(base_url=ORIGIN, api_key=KEY))
    if CLIENT == "anthropic":
        from pydantic_ai.models.anthropic import AnthropicModel
        from pydantic_ai.providers.anthropic import AnthropicProvider

        return AnthropicModel(name, provider=AnthropicProvider(base_url=ORIGIN, api_key=KEY))
    if CLIENT == "google":
        from pydantic_ai.models.google import GoogleModel
        from pydantic_ai.providers.google import GoogleProvider

        return GoogleModel(name, provider=GoogleProvider(base_url=ORIGIN, api_key=KEY))
    from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
    from pydantic_ai.providers.openai import OpenAIProvider

    kind = OpenAIResponsesModel if CLIENT == "openai-responses" else OpenAIChatModel
    return kind(name, provider=OpenAIProvider(base_url=BASE_URL, api_key=KEY))


def with_weather() -> tuple[Agent, list[str]]:
    agent, cities = Agent(model()), []

    @agent.tool_plain
    def get_weather(city: str) -> str:
        """Get the weather in a city."""
        cities.append(city)
        return FACT

    return agent, cities


@case()
def run() -> None:
    result = Agent(model(), instructions="Be brief.").run_sync(QUESTION)
    assert "Paris" in result.output
    usage: Any = result.usage() if callable(result.usage) else result.usage
    assert usage.output_tokens > 0


@case()
async def run_stream() -> None:
    async with Agent(model()).run_stream(QUESTION) as result:
        parts = [text async for text in result.stream_text(delta=True, debounce_by=None)]
    assert len(parts) > 1
    assert "Paris" in "".join(parts)


@case()
def history() -> None:
    agent = Agent(model())
    first = agent.run_sync("My name is Ada.")
    assert "Paris" in agent.run_sync(QUESTION, message_history=first.all_messages()).output


@case("tools")
def tool_loop() -> None:
    agent, cities = with_weather()
    result = agent.run_sync(WEATHER)
    assert cities == ["Paris"], cities
    assert "18" in result.output, result.output


@case("tools")
async def tool_loop_streamed() -> None:
    agent, cities = with_weather()
    async with agent.run_stream(WEATHER) as result:
        text = await result.get_output()
    assert cities == ["Paris"], cities
    assert "18" in text, text


@case("tools", "tool_choice_required")
def output_by_tool() -> None:
    assert isinstance(Agent(model(), output_type=City).run_sync("Describe Paris.").output, City)


@case("json_schema")
def output_native() -> None:
    assert isinstance(Agent(model(), output_type=NativeOutput(City)).run_sync("Describe Paris.").output, City)


@case()
def error_model() -> None:
    error = refused(lambda: Agent(model(UNKNOWN_MODEL)).run_sync(QUESTION))
    assert isinstance(error, ModelHTTPError), repr(error)
    assert 400 <= error.status_code < 500


if __name__ == "__main__":
    case.run()
