"""The emulated model does as a simple prompt says, so that deterministic checks work: in twelve languages, in every dialect."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from conformance.emulator.app import Emulator
from conformance.emulator.mind.completion import Completion
from conformance.emulator.mind.instructions.json_keys import asked_schema, asks_for_json
from conformance.emulator.mind.instructions.phrases import languages
from conformance.emulator.mind.instructions.reply_with import text_to_say
from conformance.emulator.respond import answer_body
from conformance.providers.keys import auth_headers
from conformance.wire.case import Case
from conformance.wire.dialects import dialect_named
from conformance.wire.dialects.ask import Ask, Composed, Text, Turn
from conformance.wire.exchange import Exchange, Request, Response
from tests.emulator.broken import NOW, conforming

CHAT_DIALECTS = (
    "openai-chat", "openai-responses", "anthropic-messages", "gemini", "ollama", "cohere", "bedrock-converse",
)  # fmt: skip
SAYS = {
    "Reply with exactly: OK": "OK",
    "Reply with OK.": "OK",
    'reply with "pong" and nothing else': "pong",
    "Respond with the single word: banana": "banana",
    "Repeat after me: The cat sat. On the mat.": "The cat sat. On the mat.",
    "Reply with exactly: OK. Nothing else.": "OK",
    "Antworte nur mit OK.": "OK",
    "Sprich mir nach: Guten Morgen, Welt!": "Guten Morgen, Welt!",
    "Réponds uniquement par « oui ».": "oui",
    "Répète après moi : bonjour le monde": "bonjour le monde",
    "Responde solo con OK.": "OK",
    "Repite después de mí: hola mundo": "hola mundo",
    "Rispondi solo con OK": "OK",
    "Ripeti dopo di me: ciao mondo": "ciao mondo",
    "Responda apenas com OK.": "OK",
    "Repita depois de mim: olá mundo": "olá mundo",
    "Antwoord alleen met OK.": "OK",
    "Zeg mij na: hallo wereld": "hallo wereld",
    "Odpowiedz tylko: OK": "OK",
    "Powtórz za mną: dzień dobry": "dzień dobry",
    "Ответь словом «Да».": "Да",
    "Повтори за мной: привет, мир": "привет, мир",
    "请只回复“OK”。": "OK",
    "请跟我说：你好世界": "你好世界",  # noqa: RUF001
    "「OK」とだけ答えてください。": "OK",
    "次の言葉を繰り返してください：こんにちは世界": "こんにちは世界",  # noqa: RUF001
    '"OK"라고만 답하세요.': "OK",
    "따라 말해: 안녕하세요": "안녕하세요",
}
SAYS_NOTHING = (
    "Say hello.", "Answer in one sentence.", "Reply with a joke.", "Answer with the name only.", "Respond only in English.",
    "Never reply with 'no'.", "If unsure, reply with UNKNOWN.", "Reply with SORRY if you do not know.", "Antworte in einem Satz.",
    "Wenn du unsicher bist, antworte nur mit NEIN.", "Réponds en une phrase.", "回答下列问题：天空是什么颜色？",  # noqa: RUF001
)  # fmt: skip
REACT = """Answer the question. You have access to the following tools:

search: useful for current events
calculator: useful for sums

Use the following format:

Question: the input question
Thought: think about what to do
Action: the action to take, one of [search, calculator]
Action Input: the input to the action
Observation: the result of the action
Final Answer: the final answer

Begin!

"""
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Look up the weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


@pytest.mark.parametrize("prompt", SAYS)
def test_a_text_that_is_asked_for_is_said_and_nothing_else(prompt: str) -> None:
    assert answered(prompt) == SAYS[prompt]


@pytest.mark.parametrize("prompt", SAYS_NOTHING)
def test_a_description_a_ban_and_a_condition_name_no_text_to_say(prompt: str) -> None:
    assert text_to_say(prompt, Random(0)) is None  # noqa: S311 - alternatives are drawn


def test_twelve_languages_have_phrases() -> None:
    assert {language.code for language in languages()} == {
        "en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "zh", "ja", "ko",
    }  # fmt: skip


def test_one_of_the_offered_words_is_the_answer() -> None:
    assert answered("Classify it. Answer only with positive, negative or neutral.") in {
        "positive",
        "negative",
        "neutral",
    }


@pytest.mark.parametrize("dialect", CHAT_DIALECTS)
@pytest.mark.parametrize("place", ["user", "system"])
def test_every_dialect_says_it_whoever_asks(dialect: str, place: str) -> None:
    wish = "Reply with exactly: pong"
    turns = (Turn("user", (Text(wish if place == "user" else "Is somebody there?"),)),)
    ask = Ask(turns=turns, system=wish if place == "system" else None)
    target = conforming(dialect)
    composed = dialect_named(dialect).compose(ask, target.model)
    assert isinstance(composed, Composed)
    headers = {"content-type": "application/json", **auth_headers(target, "sk-any")}
    url = f"{target.base_url}/{composed.path}"
    request = Request(composed.method, url, headers, json.dumps(composed.body).encode())
    sent = Emulator(target, clock=lambda: NOW).answer(request)
    case = Case(Exchange("a", request, Response(sent.status, sent.headers, sent.body), dialect=dialect))
    assert case.reply.choices[0].text == "pong"


def test_keys_that_a_prompt_names_are_the_members_with_their_types() -> None:
    prompt = "Give me JSON with the keys name (string), age (integer) and tags (list): Anna is 31."
    value = json.loads(answered(prompt, response_format={"type": "json_object"}))
    assert (value["name"], value["age"], type(value["tags"])) == ("Anna", 31, list)


@pytest.mark.parametrize(
    ("prompt", "keys"),
    [
        ('Extract as JSON: {"name": "...", "age": 0}', ["name", "age"]),
        ('Return a JSON object {"city": string, "population": number}', ["city", "population"]),
        ('JSON: {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}', ["id"]),
        ("Return the result as a JSON with 'setup' and 'punchline' keys. Return nothing else.", ["setup", "punchline"]),
        ("Réponds en JSON, avec « nom »: les champs nom et ville.", ["nom", "ville"]),
        ("As JSON with `title`, `author`, and `year` fields for the page.", ["title", "author", "year"]),
        (
            "A JSON object with the fields `name`, then `age` (must be a valid Python int), and then `city`.",
            ["name", "age", "city"],
        ),
        ("Gib ein JSON mit den Schlüsseln name und alter.", ["name", "alter"]),
        ("Renvoie un JSON avec les clés nom et ville.", ["nom", "ville"]),
        ("Devuelve un JSON con las claves nombre y ciudad.", ["nombre", "ciudad"]),
        ("只返回 JSON,包含 title、author 和 date 三个键。", ["title", "author", "date"]),
        ("title、author、dateをキーに持つJSONだけを返してください。", ["title", "author", "date"]),
    ],
)
def test_keys_are_read_from_lists_skeletons_and_schemas(prompt: str, keys: list[str]) -> None:
    schema = asked_schema(prompt)
    assert schema is not None
    assert list(schema["properties"]) == keys
    assert list(json.loads(answered(prompt, response_format={"type": "json_object"}))) == keys


def test_a_prompt_that_only_speaks_of_json_is_answered_in_words() -> None:
    assert not asks_for_json("Why is JSON so popular? What is a key?")
    assert not answered("Why is JSON so popular? What is a key?").startswith("{")


def test_a_tool_s_result_stands_in_the_final_answer_also_as_json() -> None:
    question = "What's the weather in Oslo? Answer as JSON with the keys city and degrees (integer)."
    call = {"id": "a", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'}}
    messages = [
        {"role": "user", "content": question},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "a", "content": '{"degrees": 4, "city": "Oslo"}'},
    ]
    assert json.loads(answered("", messages=messages, tools=[WEATHER])) == {"city": "Oslo", "degrees": 4}
    messages[0]["content"] = "What's the weather in Oslo?"
    assert '"degrees": 4' in answered("", messages=messages, tools=[WEATHER])


def test_react_is_answered_by_an_action_and_then_by_the_final_answer() -> None:
    first = answered(REACT + "Question: What is 12 * 7 as a sum?\nThought:")
    assert first.endswith("Action: calculator\nAction Input: 12 * 7")
    then = answered(f"{REACT}Question: What is 12 * 7?\nThought:{first}\nObservation: 84\nThought:")
    assert then.endswith("Final Answer: 84")


def test_react_in_turns_reads_the_observation_that_the_user_brings() -> None:
    turns = ["Question: What is 12 * 7 as a sum?", "Action: calculator\nAction Input: 12 * 7", "Observation: 84"]
    messages = [
        {"role": role, "content": text} for role, text in zip(["user", "assistant", "user"], turns, strict=True)
    ]
    system = REACT.partition("Begin!")[0]
    assert answered("", messages=messages, system=system).endswith("Final Answer: 84")


def test_a_prompt_that_shows_an_action_as_json_gets_one() -> None:
    system = (
        "Use a JSON blob with an action key and an action_input key. Tools:\nget_weather: the weather of a city\n"
        'Action:\n```json\n{"action": "NAME", "action_input": "INPUT"}\n```'
    )
    text = answered("What is the weather in Paris?", system=system)
    blob = text.partition("```json\n")[2].partition("\n```")[0]
    assert json.loads(blob) == {"action": "get_weather", "action_input": "Paris"}


@pytest.mark.parametrize(
    ("call_tools", "question", "is_called"),
    [
        ("auto", "What's the weather in Oslo?", True),
        ("auto", "Tell me a joke.", False),
        ("never", "What's the weather in Oslo?", False),
        ("always", "Tell me a joke.", True),
    ],
)
def test_tools_are_called_as_the_server_is_told(call_tools: Any, question: str, is_called: bool) -> None:  # noqa: FBT001
    completion = completed(question, tools=[WEATHER], call_tools=call_tools)
    assert bool(completion.choices[0].tool_calls) is is_called


def test_a_forced_tool_is_called_by_a_server_that_never_calls_of_itself() -> None:
    completion = completed("Tell me a joke.", tools=[WEATHER], tool_choice="required", call_tools="never")
    assert completion.choices[0].tool_calls


def test_a_server_that_always_calls_uses_the_results_after_a_call() -> None:
    call = {"id": "a", "type": "function", "function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'}}
    messages = [
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "a", "content": "4 degrees"},
    ]
    completion = completed("", messages=messages, tools=[WEATHER], call_tools="always")
    assert "4 degrees" in completion.choices[0].text


def completed(prompt: str, *, system: str = "", call_tools: Any = "auto", **more: Any) -> Completion:
    target = conforming()
    body = {"model": target.model, "messages": [{"role": "user", "content": prompt}], **more}
    completion = answer_body(body, target, seed=0, system=system, call_tools=call_tools)
    assert isinstance(completion, Completion), completion
    return completion


def answered(prompt: str, **more: Any) -> str:
    return completed(prompt, **more).choices[0].text


def test_a_type_that_lists_its_values_brings_one_of_them() -> None:
    prompt = "Respond with a JSON object with the fields `tool` (a Python Literal['search', 'finish']), then `args` (dict[str, Any])."
    schema = asked_schema(prompt)
    assert schema is not None
    assert schema["properties"] == {"tool": {"enum": ["search", "finish"]}, "args": {"type": "object"}}
    assert json.loads(answered(prompt, response_format={"type": "json_object"}))["tool"] in {"search", "finish"}


def test_the_answer_stands_in_the_member_of_that_name_behind_others() -> None:
    texts = {"reasoning": {"type": "string"}, "answer": {"type": "string"}}
    schema = {"type": "object", "properties": texts, "required": [*texts], "additionalProperties": False}
    shape = {"type": "json_schema", "json_schema": {"name": "thought", "strict": True, "schema": schema}}
    assert json.loads(answered("What is the capital of France?", response_format=shape))["answer"] == "Paris"
