"""DSPy: signatures over `dspy.LM` with another `api_base`, in its chat and its JSON form, and a ReAct agent."""

from __future__ import annotations

import dspy
from cases import BASE_URL, FACT, KEY, MODEL, UNKNOWN_MODEL, WEATHER, Cases, refused

case = Cases()


def lm(model: str = MODEL) -> dspy.LM:
    return dspy.LM(f"openai/{model}", api_base=BASE_URL, api_key=KEY, cache=False, num_retries=0)


def get_weather(city: str) -> str:
    """Get the weather in a city."""
    return f"{city}: {FACT}"


@case()
def predict() -> None:
    with dspy.context(lm=lm()):
        assert "Paris" in dspy.Predict("question -> answer")(question="What is the capital of France?").answer


@case()
def chain_of_thought() -> None:
    with dspy.context(lm=lm()):
        result = dspy.ChainOfThought("question -> answer")(question="What is the capital of France?")
    assert result.reasoning
    assert "Paris" in result.answer


@case("json_object")
def json_form() -> None:
    with dspy.context(lm=lm(), adapter=dspy.JSONAdapter()):
        assert "Paris" in dspy.Predict("question -> answer")(question="What is the capital of France?").answer


@case()
def typed() -> None:
    with dspy.context(lm=lm()):
        result = dspy.Predict("text -> name: str, age: int")(text="Ada Lovelace is 36 years old.")
    assert isinstance(result.age, int)


@case()
def react() -> None:
    with dspy.context(lm=lm()):
        result = dspy.ReAct("question -> answer", tools=[get_weather], max_iters=3)(question=WEATHER)
    assert "get_weather" in result.trajectory.values()


@case()
def error_model() -> None:
    with dspy.context(lm=lm(UNKNOWN_MODEL)):
        error = refused(lambda: dspy.Predict("question -> answer")(question="Hi"))
    assert "model" in str(error).lower(), repr(error)


if __name__ == "__main__":
    case.run()
