"""What is asked, composed by each dialect that can be asked: read back it is the same, and a conversation goes on as the dialect wants."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conformance.probes import build_request, load_probes
from conformance.probes.probe import Step
from conformance.providers import Target, dialect_names, load_providers, parse_target
from conformance.wire.dialects import DEFAULT_DIALECT, DIALECTS, dialect_named, dialect_of
from conformance.wire.dialects.ask import (
    Ask,
    Call,
    Composed,
    Format,
    Image,
    NotSayable,
    Result,
    Text,
    Tool,
    ToolChoice,
    Turn,
)
from conformance.wire.exchange import Exchange, Request
from tests.native import RESPONSE, RESPONSES, RESPONSES_EVENTS, RESPONSES_REQUEST, case, sse

ASKED = [name for name, row in DIALECTS.items() if isinstance(row.compose(Ask(), "m"), Composed)]
#: Those of them whose requests are conversations.
SPOKEN = [name for name in ASKED if DIALECTS[name].answers == "words" and not DIALECTS[name].silent_on]
#: Those whose requests take one text.
PLAIN = [name for name in ASKED if name not in SPOKEN]
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
#: The limit that a dialect writes where none is asked for: its requests need one.
UNASKED_LIMIT = {"anthropic-messages": 1024}
#: Dialects whose word for parallel calls stands in the tool choice.
CHOOSES_BESIDE = {"anthropic-messages"}
#: Dialects in which a text is asked for by asking for no form.
TEXT_UNSAID = {"anthropic-messages", "ollama", "bedrock-converse"}
#: Dialects in which turns of one role that follow each other are one message.
MERGED = {"bedrock-converse"}
#: Dialects that send the bytes of a picture, and no address.
PICTURES_AS_BYTES = {"ollama", "bedrock-converse"}
_WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), min_size=1, max_size=20)
_TOOL = Tool("get_weather", "The weather in a city", SCHEMA)
_SPOKEN = st.one_of(
    st.builds(lambda text: Turn("user", (Text(text),)), _WORDS),
    st.builds(lambda text: Turn("assistant", (Text(text),)), _WORDS),
    st.builds(lambda text: Turn("assistant", (Call("call_1", "get_weather", json.dumps({"city": text})),)), _WORDS),
    st.builds(lambda text: Turn("tool", (Result("call_1", text),)), _WORDS),
)
ASKS = st.builds(
    Ask,
    system=st.none() | _WORDS,
    turns=st.lists(_SPOKEN, min_size=1, max_size=5).map(tuple),
    tools=st.sampled_from([(), (_TOOL,)]),
    tool_choice=st.sampled_from([None, ToolChoice("auto"), ToolChoice("required"), ToolChoice("named", "get_weather")]),
    parallel_tools=st.sampled_from([None, True, False]),
    format=st.sampled_from([None, Format("text"), Format("json"), Format("json_schema", "place", SCHEMA, strict=True)]),
    stream=st.booleans(),
    max_tokens=st.none() | st.integers(16, 500),
    temperature=st.none() | st.sampled_from([0, 0.5, 1]),
)


def composed(name: str, ask: Ask) -> Composed:
    composition = DIALECTS[name].compose(ask, "m")
    assert isinstance(composition, Composed), composition
    return composition


def sent(name: str, ask: Ask) -> Request:
    composition = composed(name, ask)
    return Request(
        composition.method, f"https://provider.example/v1/{composition.path}", {}, json.dumps(composition.body).encode()
    )


def test_conversations_and_single_texts_can_be_asked() -> None:
    assert {"openai-chat", "openai-responses", "anthropic-messages"} <= set(SPOKEN)
    assert {"gemini", "ollama", "bedrock-converse"} <= set(SPOKEN)
    assert {"openai-completions", "embeddings", "openai-transcriptions"} <= set(PLAIN)


@pytest.mark.parametrize("name", PLAIN)
def test_a_dialect_of_single_texts_says_that_it_takes_no_turns(name: str) -> None:
    text, picture = Turn("user", (Text("Hi"),)), Turn("user", (Text("Hi"), Image("https://h/a.png")))
    for ask in (Ask(turns=(text, text)), Ask(system="Be short.", turns=(text,)), Ask(turns=(picture,))):
        assert "no turns" in getattr(DIALECTS[name].compose(ask, "m"), "reason", "")


@pytest.mark.parametrize("name", PLAIN)
def test_a_single_text_reads_back(name: str) -> None:
    composition = composed(name, Ask(turns=(Turn("user", (Text("Rain in"),)),)))
    request = build_request(
        Step(ask={"text": "Rain in"}), Target(load_providers()["openai"], "m", name), "https://h/v1", {}
    )
    assert isinstance(request, Request)
    asked = DIALECTS[name].asked(request)
    assert (asked.model, asked.prompt, request.path) == ("m", "Rain in", f"/v1/{composition.path}")
    assert dialect_of(Exchange("x", request)) is DIALECTS[name]


@pytest.mark.parametrize("name", dialect_names())
def test_every_dialect_that_a_toml_may_name_composes_or_says_why_not(name: str) -> None:
    row = dialect_named(name)
    composition = row.compose(Ask(turns=(Turn("user", (Text("Hello."),)),)), "m")
    if isinstance(composition, NotSayable):
        assert composition.reason == "cannot be asked yet"
        assert (row.history(Request("POST", "/x")), row.carry_on([1], None)) == ([], [1])
    else:
        assert row.limits or row.answers != "words"


@pytest.mark.parametrize("name", SPOKEN)
@given(ask=ASKS)
def test_what_is_composed_reads_back_as_it_was_asked(name: str, ask: Ask) -> None:
    assume(isinstance(DIALECTS[name].compose(ask, "m"), Composed))
    asked = DIALECTS[name].asked(sent(name, ask))
    assert (asked.operation, asked.model, asked.stream) == ("chat", "m", ask.stream)
    assert (asked.max_tokens, asked.temperature, asked.parallel_tools) == (
        ask.max_tokens or UNASKED_LIMIT.get(name),
        ask.temperature,
        ask.parallel_tools,
    )
    assert asked.tools == {tool.name: tool.parameters for tool in ask.tools}
    beside = ToolChoice("auto") if name in CHOOSES_BESIDE and ask.parallel_tools is not None else (None, None)
    assert (asked.tool_mode, asked.tool_name) == (ask.tool_choice or beside)
    text = None if name in TEXT_UNSAID else "text"
    json = (
        "json" if name.startswith(("gemini", "ollama")) else "json_object"
    )  # these two do not say what stands at the root
    kinds = {None: None, "text": text, "json": json, "json_schema": "json_schema"}
    assert asked.response_format == kinds[ask.format.kind if ask.format else None]
    assert asked.response_schema == (ask.format.schema if ask.format else None)
    system = [] if ask.system is None else [Turn("system", (Text(ask.system),))]
    turns = _merged(ask.turns) if name in MERGED else list(ask.turns)
    assert [_as_tools(turn) for turn in asked.turns] == [*system, *map(_as_tools, turns)]


def holds(body: dict[str, Any], path: str) -> bool:
    """Whether a body has a member, dotted where it stands in another."""
    name, dot, rest = path.partition(".")
    return name in body and (not dot or holds(body[name], rest))


def _merged(turns: tuple[Turn, ...]) -> list[Turn]:
    """Return turns in which nobody speaks twice in a row; results of tools are the user's."""
    merged: list[Turn] = []
    for turn in turns:
        role = "user" if turn.role == "tool" else turn.role
        if merged and merged[-1].role == role:
            merged[-1] = Turn(role, (*merged[-1].parts, *turn.parts))
        else:
            merged.append(Turn(role, turn.parts))
    return merged


def _as_tools(turn: Turn) -> Turn:
    """Return a turn of results as a tool's: where results stand, and whether they repeat the function's name, is the dialect's own."""
    if not any(isinstance(part, Result) for part in turn.parts):
        return turn
    return Turn("tool", tuple(part._replace(name=None) if isinstance(part, Result) else part for part in turn.parts))


@pytest.mark.parametrize("name", ASKED)
def test_the_claimed_dialect_of_a_composed_request_is_its_own(name: str) -> None:
    asked = case("https://h/v1/" + composed(name, Ask()).path, composed(name, Ask()).body or {}, {})
    assert asked.dialect is DIALECTS[name]


@pytest.mark.parametrize("name", SPOKEN)
def test_a_picture_is_sent_by_its_address(name: str) -> None:
    ask = Ask(turns=(Turn("user", (Text("What is this?"), Image("https://h/a.png"))),))
    if name in PICTURES_AS_BYTES:
        assert isinstance(DIALECTS[name].compose(ask, "m"), NotSayable)
    else:
        assert DIALECTS[name].asked(sent(name, ask)).turns == list(ask.turns)


@pytest.mark.parametrize("name", [*SPOKEN, *sorted(PICTURES_AS_BYTES)])
def test_the_bytes_of_a_picture_read_back(name: str) -> None:
    ask = Ask(turns=(Turn("user", (Text("What is this?"), Image("data:image/png;base64,iVBORw0KGgo="))),))
    assert DIALECTS[name].asked(sent(name, ask)).turns == list(ask.turns)


@pytest.mark.parametrize("name", SPOKEN)
def test_members_stand_in_the_order_in_which_they_are_written(name: str) -> None:
    one, other = (Ask(temperature=1, written=order) for order in (("temperature", "turns"), ("turns", "temperature")))
    assert composed(name, one).body == composed(name, other).body
    assert list(composed(name, one).body or {}) != list(composed(name, other).body or {})


@pytest.mark.parametrize("name", [name for name in ASKED if DIALECTS[name].limits])
def test_a_limit_goes_out_under_a_name_that_the_target_takes_or_not_at_all(name: str) -> None:
    row = DIALECTS[name]
    for refused in range(len(row.limits) + 1):
        composition = row.compose(Ask(max_tokens=8), "m", frozenset(row.limits[:refused]))
        assert isinstance(composition, Composed)
        written = [limit for limit in row.limits if holds(composition.body or {}, limit)]
        assert written == list(row.limits[refused : refused + 1])


@pytest.mark.parametrize(("asked", "written"), [(1, 16), (15, 16), (16, 16), (17, 17), (70_000, 70_000)])
def test_responses_writes_no_limit_that_openai_refuses(asked: int, written: int) -> None:
    assert (composed("openai-responses", Ask(max_tokens=asked)).body or {})["max_output_tokens"] == written


def test_what_responses_has_no_word_for_is_named() -> None:
    composition = DIALECTS["openai-responses"].compose(Ask(stop=("x",), n=2, seed=7), "m")
    assert composition == NotSayable("has no word for n and stop and seed")
    assert DIALECTS["openai-responses"].compose(Ask("models"), "m") == NotSayable(
        "lists no models: the catalogue is the one of openai-chat at the same address"
    )


def test_responses_says_what_it_says_in_its_own_words() -> None:
    body = composed(
        "openai-responses",
        Ask(
            system="Be short.",
            turns=(Turn("user", (Text("Hi"),)),),
            tools=(_TOOL,),
            logprobs=True,
            top_logprobs=3,
            reasoning="low",
            include_usage=True,
            max_tokens=32,
        ),
    ).body
    assert body == {
        "model": "m",
        "instructions": "Be short.",
        "input": [{"type": "message", "role": "user", "content": "Hi"}],
        "tools": [
            {
                "type": "function",
                "name": "get_weather",
                "description": "The weather in a city",
                "strict": False,
                "parameters": SCHEMA,
            }
        ],
        "include": ["message.output_text.logprobs"],
        "top_logprobs": 3,
        "reasoning": {"effort": "low"},
        "max_output_tokens": 32,
    }


def test_a_responses_conversation_goes_on_with_its_own_items() -> None:
    row = DIALECTS["openai-responses"]
    asked = case(RESPONSES, RESPONSES_REQUEST, RESPONSE)
    history = row.history(asked.exchange.request)
    assert history == [{"type": "message", "role": "user", "content": "Weather in Paris?"}]
    (call,) = asked.reply.choices[0].tool_calls
    result = {"type": "function_call_output", "call_id": "call_1", "output": "21 degrees"}
    assert row.carry_on(history, asked.reply, [(call, "21 degrees")]) == [*history, *RESPONSE["output"], result]


@pytest.mark.parametrize(
    "left_out", [set(), {"response.completed"}, {"response.completed", "response.output_item.done"}]
)
def test_a_streamed_responses_reply_goes_back_from_its_last_event_its_items_or_its_deltas(left_out: set[str]) -> None:
    events = [event for event in RESPONSES_EVENTS if event["type"] not in left_out]
    reply = case(RESPONSES, RESPONSES_REQUEST, sse(events)).reply
    items = DIALECTS["openai-responses"].carry_on([], reply)
    assert [item.get("type", "message") for item in items] == ["message", "function_call"]
    assert (items[1]["call_id"], items[1]["arguments"]) == ("call_1", '{"city": "Paris"}')


def test_every_probe_in_responses_has_the_form_that_the_sdk_gives_it() -> None:
    adapters = pytest.importorskip("pydantic")
    types = pytest.importorskip("openai.types.responses.response_create_params")
    forms: dict[bool, Any] = {
        False: adapters.TypeAdapter(types.ResponseCreateParamsNonStreaming),
        True: adapters.TypeAdapter(types.ResponseCreateParamsStreaming),
    }
    target = parse_target("llamacpp/smollm2-135m-instruct@openai-responses", load_providers())
    checked = 0
    for probe in load_probes().values():
        for step in probe.steps if probe.unsayable(target.dialect) is None else ():
            request = build_request(step, target, "https://provider.example/v1", {})
            if isinstance(request, Request) and request.json:
                forms[request.json.get("stream") is True].validate_python(request.json)
                checked += 1
    assert checked > 180


def test_the_default_dialect_is_one_that_can_be_asked() -> None:
    assert DEFAULT_DIALECT in ASKED
