"""llama-index: OpenAILike, its class for other addresses than OpenAI's."""

from __future__ import annotations

import openai
from cases import BASE_URL, CAPABILITIES, FACT, KEY, MODEL, QUESTION, UNKNOWN_MODEL, WEATHER, Cases, refused
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.llms.openai_like import OpenAILike
from pydantic import BaseModel

case = Cases()
asked = [ChatMessage(role="user", content=QUESTION)]


class City(BaseModel):
    """A city."""

    name: str
    country: str


def get_weather(city: str) -> str:
    """Get the weather in a city."""
    return f"{city}: {FACT}"


def llm(model: str = MODEL) -> OpenAILike:
    able = "tools" in CAPABILITIES
    return OpenAILike(
        model=model,
        api_base=BASE_URL,
        api_key=KEY,
        is_chat_model=True,
        is_function_calling_model=able,
        max_retries=0,
        context_window=8192,
    )


weather = FunctionTool.from_defaults(get_weather)


@case()
def chat() -> None:
    assert "Paris" in llm().chat(asked).message.content


@case()
def chat_streamed() -> None:
    parts = list(llm().stream_chat(asked))
    assert len(parts) > 1
    assert "Paris" in parts[-1].message.content


@case()
async def chat_async() -> None:
    assert "Paris" in (await llm().achat(asked)).message.content


@case("tools")
def tool_call() -> None:
    model = llm()
    calls = model.get_tool_calls_from_response(model.chat_with_tools([weather], user_msg=WEATHER))
    assert [(call.tool_name, call.tool_kwargs) for call in calls] == [("get_weather", {"city": "Paris"})]


@case("tools")
def tool_call_streamed() -> None:
    model = llm()
    last = list(model.stream_chat_with_tools([weather], user_msg=WEATHER))[-1]
    calls = model.get_tool_calls_from_response(last)
    assert [call.tool_kwargs for call in calls] == [{"city": "Paris"}]


@case("tools")
def predict_and_call() -> None:
    assert FACT in str(llm().predict_and_call([weather], user_msg=WEATHER))


@case("tools")
async def agent() -> None:
    assert "18" in str(await FunctionAgent(tools=[weather], llm=llm(), streaming=True).run(WEATHER))


@case("tools", "tool_choice_required")
def structured() -> None:
    assert isinstance(llm().as_structured_llm(City).complete("Describe Paris.").raw, City)


@case()
def error_model() -> None:
    error = refused(lambda: llm(UNKNOWN_MODEL).chat(asked))
    assert isinstance(error, openai.APIStatusError), repr(error)


if __name__ == "__main__":
    case.run()
