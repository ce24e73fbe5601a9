"""The emulated model obeys the request, and says the same each time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.emulator.mind.completion import Choice, Completion
from conformance.emulator.mind.tokenizer import count, tokens
from conformance.emulator.respond import answer_body as answer
from conformance.providers import Model, Provider, Target

ABLE = frozenset(
    [
        "tools",
        "parallel_tools",
        "tool_choice_required",
        "tool_choice_named",
        "json_object",
        "json_schema",
        "logprobs",
        "n",
    ]
)
MODELS = {
    "plain": Model("plain", ABLE, context=500),
    "thinker": Model("thinker", ABLE | {"reasoning"}),
    "single": Model("single", ABLE - {"parallel_tools"}),
}
PROVIDER = Provider("acme", Path("acme.toml"), dialect="openai-chat", capabilities=ABLE, models=MODELS)
TARGET = Target(PROVIDER, "plain", "openai-chat")
LONG = "Write a long story about a lighthouse."
WEEK = "Name the days of the week, from Monday on."


def tool(name: str, description: str = "", **members: Any) -> dict[str, Any]:
    parameters = {"type": "object", "properties": members, "required": list(members), "additionalProperties": False}
    return {"type": "function", "function": {"name": name, "description": description, "parameters": parameters}}


TEXT = {"type": "string"}
WEATHER = tool("get_weather", "The weather in a city", city=TEXT)
TIME = tool("get_time", "The local time in a city", city=TEXT)
RATES = tool("get_rate", "The exchange rate of a currency", currency=TEXT)


def complete(prompt: str | list[dict[str, Any]], model: str = "plain", draws: int = 0, **body: Any) -> Completion:
    messages = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else prompt
    found = answer({"model": model, "messages": messages, "temperature": 0, **body}, TARGET, seed=draws)
    assert isinstance(found, Completion), found
    return found


def first(prompt: str | list[dict[str, Any]], model: str = "plain", **body: Any) -> Choice:
    return complete(prompt, model, **body).choices[0]


def called(prompt: str | list[dict[str, Any]], model: str = "plain", **body: Any) -> list[tuple[str, Any]]:
    return [(call.name, json.loads(call.arguments)) for call in first(prompt, model, **body).tool_calls]


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("Repeat exactly: Grüße, 世界! 🐢🚀 naïve café", "Grüße, 世界! 🐢🚀 naïve café"),
        ("Count from 1 to 5, separated by commas.", "1, 2, 3, 4, 5"),
        ("Count from 3 to 1.", "3, 2, 1"),
        (WEEK, "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday."),
        ("Is fire hot? Answer with one word.", "Yes"),
        ("What is the capital of Peru?", "The capital of Peru is Lima."),
    ],
)
def test_simple_requests_get_their_answer(prompt: str, text: str) -> None:
    assert first(prompt).text == text


def test_an_earlier_turn_is_remembered() -> None:
    turns = [
        {"role": "user", "content": "My dog is called Biscuit."},
        {"role": "assistant", "content": "A fine name."},
        {"role": "user", "content": [{"type": "text", "text": "What is my dog called? Answer in one sentence."}]},
    ]
    assert first(turns).text == "Your dog is called Biscuit."


def test_another_one_is_not_the_same_one() -> None:
    turns = [{"role": "user", "content": "Name one fruit."}]
    one = first(turns).text
    again = [*turns, {"role": "assistant", "content": one}, {"role": "user", "content": "Name another one."}]
    assert first(again).text != one


@pytest.mark.parametrize(
    "prompt", ["", "?", "🐢", "Good morning! How are you?", "Explain entropy.", LONG, "東京タワーはどこ?"]
)
def test_every_prompt_gets_some_text(prompt: str) -> None:
    assert first(prompt).text.strip()


def test_the_same_request_gets_the_same_answer_whether_streamed_metered_or_cut() -> None:
    whole = first(LONG)
    assert first(LONG, stream=True, stream_options={"include_usage": True}, user="ada") == whole
    assert complete(LONG, draws=5).choices[0].text != whole.text
    cut = first(LONG, max_tokens=8)
    assert whole.text.startswith(cut.text)


def test_the_seed_of_the_request_matters_above_temperature_zero_only() -> None:
    def drawn(temperature: float) -> set[str]:
        asked = [{"seed": seed, "temperature": temperature} for seed in range(6)]
        return {first("Make up a name for a boat.", **each).text for each in asked}

    assert len(drawn(0)) == 1
    assert len(drawn(1)) > 1


@pytest.mark.parametrize(
    ("choice", "prompt", "names"),
    [
        (None, "What is the weather in Lima?", ["get_weather"]),
        ("auto", "Good morning! How are you?", []),
        ("none", "What is the weather in Lima?", []),
        ("required", "Good morning! How are you?", ["get_weather"]),
        ({"type": "function", "function": {"name": "get_time"}}, "What is the weather in Lima?", ["get_time"]),
        (
            {
                "type": "allowed_tools",
                "allowed_tools": {
                    "mode": "required",
                    "tools": [{"type": "function", "function": {"name": "get_rate"}}],
                },
            },
            "What is the weather in Lima?",
            ["get_rate"],
        ),
    ],
)
def test_tool_choice_is_obeyed(choice: Any, prompt: str, names: list[str]) -> None:
    body = {"tools": [WEATHER, TIME, RATES]} | ({} if choice is None else {"tool_choice": choice})
    found = first(prompt, **body)
    assert [call.name for call in found.tool_calls] == names
    assert found.finish_reason == ("tool_calls" if names else "stop")
    assert bool(found.text) is not bool(names)


def test_what_is_asked_twice_is_called_twice_unless_that_is_forbidden() -> None:
    asked = "What is the weather in Lima and in Quito?"
    both = [("get_weather", {"city": "Lima"}), ("get_weather", {"city": "Quito"})]
    assert called(asked, tools=[WEATHER]) == both
    assert called(asked, tools=[WEATHER], parallel_tool_calls=False) == both[:1]
    assert called(asked, "single", tools=[WEATHER]) == both[:1]
    mixed = called("What is the weather and the exchange rate in Lima?", tools=[WEATHER, RATES])
    assert [name for name, _ in mixed] == ["get_weather", "get_rate"]


def test_arguments_take_their_values_from_the_prompt() -> None:
    guest = {"type": "object", "properties": {"name": TEXT, "vip": {"type": "boolean"}}, "required": ["name", "vip"]}
    dishes = {"type": "array", "items": TEXT}
    book = tool("book_table", "Books a table", guest=guest, seats={"type": "integer"}, dishes=dishes)
    wanted = {"guest": {"name": "Eve", "vip": True}, "seats": 3, "dishes": ["salad", "cake"]}
    assert called("Book a table for Eve, a VIP, 3 seats, salad and cake.", tools=[book]) == [("book_table", wanted)]
    plain = called("Book a table for Max, no VIP, 4 seats, rice.", tools=[book])
    assert plain[0][1]["guest"] == {"name": "Max", "vip": False}
    note = 'D:\\tea\nthe "new" café: 🐢'
    saved = called(f"Save this note: {note}", tools=[tool("save_note", "Saves a note", text=TEXT)])
    assert saved == [("save_note", {"text": note})]


def test_a_tool_result_is_answered_in_words_that_hold_it() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Lima"}'}}
    turns = [
        {"role": "user", "content": "What is the weather in Lima?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "21 degrees"},
    ]
    found = first(turns, tools=[WEATHER])
    assert not found.tool_calls
    assert "21 degrees" in found.text
    assert "Lima" in found.text


def test_a_page_is_read_with_a_tool_or_not_at_all() -> None:
    asked = "Summarise https://pages.example/harbour?lang=en, please."
    assert "cannot open" in first(asked).text
    reader = tool("fetch", "Reads a page", url=TEXT)
    assert called(asked, tools=[WEATHER, reader]) == [("fetch", {"url": "https://pages.example/harbour?lang=en"})]


@pytest.mark.parametrize(
    ("stop", "text"),
    [
        (["Thursday"], "Monday, Tuesday, Wednesday, "),
        (["sday, Thu", "Sunday"], "Monday, Tuesday, Wedne"),
        ("Monday", ""),
        (["never"], "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday."),
    ],
)
def test_text_ends_before_the_first_stop_string(stop: Any, text: str) -> None:
    found = first(WEEK, stop=stop)
    assert (found.text, found.finish_reason) == (text, "stop")


def test_a_stop_string_may_be_any_script() -> None:
    assert first("Repeat exactly: 東京🐢タワー", stop=["🐢"]).text == "東京"


def test_each_choice_is_complete_and_counted() -> None:
    found = complete("Make up a name for a cat.", n=3, temperature=1)
    assert len(found.choices) == 3
    assert all(choice.text and choice.finish_reason == "stop" for choice in found.choices)
    assert found.completion_tokens == sum(count(choice.text) for choice in found.choices)


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
def test_a_token_limit_cuts_text_json_and_arguments(limit: str) -> None:
    form = {
        "type": "json_schema",
        "json_schema": {"name": "x", "schema": {"type": "object", "properties": {"city": TEXT}}},
    }
    for body in ({}, {"response_format": form}, {"tools": [WEATHER], "tool_choice": "required"}):
        found = complete("Describe the weather in Oslo at length.", **{limit: 5}, **body)
        assert found.choices[0].finish_reason == "length"
        assert found.completion_tokens == 5
    cut = first("What is the weather in Oslo?", tools=[WEATHER], max_tokens=9).tool_calls[0].arguments
    assert '{"city": "Oslo"}'.startswith(cut)
    assert len(cut) < len('{"city": "Oslo"}')
    exact = complete(WEEK).completion_tokens
    assert first(WEEK, max_tokens=exact).finish_reason == "stop"


def test_reasoning_counts_within_completion_and_against_the_limit() -> None:
    found = complete(WEEK, "thinker")
    assert 0 < found.reasoning_tokens == len(found.choices[0].reasoning) < found.completion_tokens
    cut = complete(WEEK, "thinker", max_tokens=4)
    assert (cut.reasoning_tokens, cut.choices[0].text, cut.choices[0].finish_reason) == (4, "", "length")
    assert complete(WEEK).reasoning_tokens == 0


@pytest.mark.parametrize(
    "switch",
    [
        {"reasoning_effort": "none"},
        {"reasoning": {"enabled": False}},
        {"reasoning": {"effort": "none"}},
        {"thinking": {"type": "disabled"}},
    ],
)
def test_reasoning_can_be_switched_off(switch: dict[str, Any]) -> None:
    assert complete(WEEK, "thinker", **switch).reasoning_tokens == 0


def test_more_effort_reasons_longer_and_answers_the_same() -> None:
    efforts = [complete(LONG, "thinker", reasoning_effort=effort) for effort in ("minimal", "low", "medium", "high")]
    lengths = [each.reasoning_tokens for each in efforts]
    assert lengths == sorted(set(lengths))
    assert len({each.choices[0].text for each in efforts}) == 1


@pytest.mark.parametrize("rivals", [0, 1, 3, 20])
def test_logprobs_belong_to_the_text_and_are_sorted(rivals: int) -> None:
    found = first("Repeat exactly: Grüße 🐢", logprobs=True, top_logprobs=rivals)
    assert found.logprobs is not None
    assert [each.token for each in found.logprobs] == list(found.pieces)
    for each in found.logprobs:
        assert each.logprob <= 0
        values = [value for _, value in each.top]
        assert len(values) <= rivals
        assert values == sorted(values, reverse=True)
        assert len({token for token, _ in each.top}) == len(values)
        if rivals:
            assert each.top[0] == (each.token, each.logprob)


def test_a_json_object_has_the_keys_that_the_prompt_names() -> None:
    form = {"response_format": {"type": "json_object"}}
    assert list(json.loads(first("Give one fruit as JSON with the key fruit.", **form).text)) == ["fruit"]
    assert list(json.loads(first("Reply in JSON with keys city and country.", **form).text)) == ["city", "country"]
    assert json.loads(first("Say something in JSON.", **form).text)


def test_a_schema_beside_a_tool_that_is_needed_brings_the_call_first() -> None:
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}}
    assert called("What is the weather in Lima?", tools=[WEATHER], response_format=form)
    assert not called("Who wrote Hamlet?", tools=[WEATHER], response_format=form)


def test_long_texts_are_long_and_do_not_repeat_themselves() -> None:
    found = first(LONG)
    assert len(found.pieces) > 200
    sentences = found.text.split(". ")
    assert len(set(sentences)) > 0.9 * len(sentences)
    assert len(first("Describe the sea in ten sentences.").text.rstrip(".").split(". ")) == 10
    assert len(first("Tell me about the sea in 30 words.").text.split()) == 30


@given(st.text())
def test_tokens_join_to_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text
    assert len(tokens(text)) == count(text)


@given(st.text(min_size=1).filter(str.strip))
def test_what_is_to_be_repeated_is_repeated(text: str) -> None:
    assert first(f"Repeat exactly: {text}").text == text.strip()
