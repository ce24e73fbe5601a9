"""Probes are data: what the schema takes, what a hash covers, how a step becomes a request, what a target is spared."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from conformance.errors import UnusableInputError
from conformance.probes import REASONING_TOKENS, Probe, Step, build_request, load_probes, probes_for
from conformance.probes.loader import BUILT_IN
from conformance.probes.plan import output_tokens
from conformance.probes.probe import hash_of
from conformance.providers import Target, load_providers, parse_target
from conformance.rules.table import RULES
from conformance.schemas import load_schema, schema_registry
from conformance.wire.case import Case
from conformance.wire.dialects.ask import Composed
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROBES = load_probes(rules=RULES)
FILES = sorted(BUILT_IN.glob("*.yaml"))
PROVIDERS = load_providers()
LOCAL = parse_target("llamacpp/smollm2-135m-instruct", PROVIDERS)
KEY = {"Authorization": "Bearer sk-of-the-user"}
URL = "http://127.0.0.1:8080/v1"

MINE = """\
probes:
  - name: mine
    does: asks for a word
    dialect: openai-chat
    needs: [stream]
    provokes: [choice.index, "usage.*"]
    steps:
      - max_output: 5
        body: {messages: [{role: user, content: "One word, please."}]}
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def _write(text: str) -> Path:
        path = tmp_path / "mine.yaml"
        path.write_text(text, "utf-8")
        return path

    return _write


def refusal(path: Path) -> UnusableInputError:
    with pytest.raises(UnusableInputError) as caught:
        load_probes(path, rules=RULES)
    assert "\n" not in str(caught.value)
    return caught.value


def target(*, without: frozenset[str] = frozenset(), added: frozenset[str] = frozenset(), **changes: Any) -> Target:
    model = LOCAL.known
    assert model is not None
    params = replace(model.params, unsupported=changes.pop("unsupported", frozenset()))
    changed = replace(model, capabilities=(model.capabilities | added) - without, params=params, **changes)
    return replace(LOCAL, provider=replace(LOCAL.provider, models={model.id: changed}))


def body_of(step: Step, to: Target = LOCAL, previous: tuple[Exchange, ...] = ()) -> dict[str, Any]:
    request = build_request(step, to, URL, KEY, tuple(map(Case, previous)))
    assert isinstance(request, Request), request
    return request.json


def chat(step: Step) -> dict[str, Any]:
    """Return what a step says in openai-chat, placeholders and all."""
    composed = step.composed("openai-chat")
    assert isinstance(composed, Composed)
    return composed.body or {}


def answered(message: dict[str, Any], *, finish: str = "stop") -> Exchange:
    body = {"choices": [{"index": 0, "message": message, "finish_reason": finish}]}
    return _exchange(json.dumps(body).encode(), "application/json")


def streamed(*deltas: dict[str, Any], finish: str = "stop") -> Exchange:
    choices: list[dict[str, Any]] = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    choices.append({"index": 0, "delta": {}, "finish_reason": finish})
    events = [f"data: {json.dumps({'choices': [choice]})}\n\n" for choice in choices]
    return _exchange("".join([*events, "data: [DONE]\n\n"]).encode(), "text/event-stream")


def _exchange(body: bytes, content_type: str) -> Exchange:
    asked = json.dumps({"messages": [{"role": "user", "content": "Hi"}], "stream": "event" in content_type}).encode()
    request = Request("POST", f"{URL}/chat/completions", {}, asked)
    return Exchange("x", request, Response(200, {"content-type": content_type}, body, "clean"), dialect="openai-chat")


CALL = {"id": "call_7", "type": "function", "function": {"name": "get_time", "arguments": '{"city": "Lima"}'}}


# The schema


def test_every_built_in_file_has_the_form_of_the_schema() -> None:
    validator = Draft202012Validator(load_schema("probe"), registry=schema_registry())
    for path in FILES:
        assert [error.message for error in validator.iter_errors(yaml.safe_load(path.read_text("utf-8")))] == []


def test_the_schema_is_itself_a_schema() -> None:
    Draft202012Validator.check_schema(load_schema("probe"))


def test_the_good_example_is_taken(write: Callable[[str], Path]) -> None:
    probe = load_probes(write(MINE))["mine"]
    assert (probe.max_requests, probe.output_tokens, probe.needs) == (1, 5, ("stream",))


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "remedy"),
    [
        ("does:", "dose:", 3, "unknown key 'dose'", "did you mean does?"),
        ("needs: [stream]", "needs: [streams]", 5, "'streams' is none of its words", "did you mean stream"),
        ("choice.index", "choice.indx", 6, "unknown rule 'choice.indx'", "did you mean choice.index"),
        ('"usage.*"', '"usages.*"', 6, "unknown rule 'usages.*'", ""),
        ("openai-chat", "openai-chatt", 4, "'openai-chatt' is none of its words", "did you mean openai-chat"),
        ("body:", "method: GET\n        body:", 8, "a step needs one of ask, body and raw_body, and a GET none", ""),
        ("max_output: 5", "max_output: 0", 8, "0 is less than the minimum of 1", "see schemas/probe.json"),
        ("name: mine", "name: plain", 2, "probe 'plain' is already defined in", "choose another name"),
        ("max_output: 5", "max_output: 5\n        max_output: 6", 9, "the key 'max_output' is given twice", "remove one"),
        ("[stream]", "[stream", 6, "not YAML", "correct the line"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_line_and_remedy(  # noqa: PLR0917 - pytest names them
    write: Callable[[str], Path], old: str, new: str, line: int, what: str, remedy: str
) -> None:
    path = write(MINE.replace(old, new))
    error = refusal(path)
    assert error.where == f"{path}:{line}"
    assert what in error.what
    assert remedy in (error.remedy or "")


NEUTRAL = """\
probes:
  - name: mine
    does: asks for a word
    needs: [stream]
    provokes: [choice.index]
    steps:
      - max_output: 5
        ask:
          text: "One word, please."
          tool_choice: auto
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("tool_choice: auto", "tool_chioce: auto", 10, "unknown key 'tool_chioce'"),
        ("tool_choice: auto", "tool_choice: perhaps", 10, "ask.tool_choice: 'perhaps' has none of its forms"),
        ("tool_choice: auto", "turns: []", 8, "an ask has one of text and turns"),
        ('text: "One word, please."', "stream: true", 8, "an ask has one of text and turns"),
        ("tool_choice: auto", "operation: models", 8, "ask: 'text' is none of its words"),
        ("ask:", "body:", 8, "probe 'mine' has a body and no dialect"),
        ("ask:", "raw_body: x\n        ask:", 7, "a step needs one of ask, body and raw_body, and a GET none"),
        ('text: "One word, please."', "turns: [{user: Hi}, {$reply: 0}]", 9, "a placeholder stands behind a turn"),
        ('text: "One word, please."', "turns: [{robot: Hi}]", 9, "unknown key 'robot'"),
    ],
)
def test_a_bad_ask_is_refused_with_its_line(
    write: Callable[[str], Path], old: str, new: str, line: int, what: str
) -> None:
    path = write(NEUTRAL.replace(old, new))
    error = refusal(path)
    assert (error.where, what in error.what) == (f"{path}:{line}", True), error


def test_an_ask_belongs_to_no_dialect(write: Callable[[str], Path]) -> None:
    probe = load_probes(write(NEUTRAL))["mine"]
    assert (probe.dialect, probe.output_tokens) == (None, 5)
    assert [probe.unsayable(name) is None for name in ("openai-chat", "openai-responses", "smoke-signals")] == [
        True,
        True,
        False,
    ]


def test_an_ask_has_the_hash_of_the_chat_body_that_it_is_composed_to(write: Callable[[str], Path]) -> None:
    body = "dialect: openai-chat\n    needs: [stream]"
    chat = NEUTRAL.replace("needs: [stream]", body).replace("ask:", "body:")
    chat = chat.replace('text: "One word, please."', 'messages: [{role: user, content: "One word, please."}]')
    one, other = load_probes(write(NEUTRAL))["mine"], load_probes(write(chat))["mine"]
    assert one.hash == other.hash


def test_a_folder_without_probes_is_refused(tmp_path: Path) -> None:
    assert "no probe YAML there" in str(refusal(tmp_path))


def test_an_empty_file_is_refused(write: Callable[[str], Path]) -> None:
    assert "None is not of type 'object'" in str(refusal(write("")))


# The built-in probes


def test_every_provoked_rule_exists() -> None:
    assert {entry for probe in PROBES.values() for entry in probe.provokes} <= set(RULES)


def test_every_probe_but_those_of_limits_allows_little_output() -> None:
    long = {"stream-long", "error-huge-max-tokens"}  # the latter asks for two words, and allows a book
    assert {name for name, probe in PROBES.items() if probe.output_tokens > 300} == long


def test_every_request_for_a_completion_is_limited() -> None:
    for probe in PROBES.values():
        for step in probe.steps:
            ours = bool(chat(step)) and probe.name != "error-wrong-type-max-tokens"  # whose limit is what is wrong
            if ours and step.path == "{path}":
                assert step.output_tokens > 0, probe.name


def test_no_structured_output_prompt_but_json_objects_asks_for_json() -> None:
    for probe in PROBES.values():
        for step in probe.steps:
            if probe.name.startswith("json-schema"):
                assert "json" not in json.dumps(chat(step)["messages"]).lower()


def test_streamed_probes_need_the_capability() -> None:
    for probe in PROBES.values():
        if any(chat(step).get("stream") for step in probe.steps):
            assert "stream" in probe.needs, probe.name


def test_twins_differ_in_the_stream_alone() -> None:
    for probe in PROBES.values():
        if probe.name.startswith("twins-"):
            plain, stream = (chat(step) for step in probe.steps)
            assert stream.pop("stream") is True
            stream.pop("stream_options", None)
            assert plain == stream


def test_no_two_probes_ask_the_same() -> None:
    assert len({probe.hash for probe in PROBES.values()}) == len(PROBES)


def test_a_subject_stands_for_all_its_rules(write: Callable[[str], Path]) -> None:
    provoked = load_probes(write(MINE))["mine"].provoked(RULES)
    assert provoked == {"choice.index"} | {rule for rule in RULES if rule.startswith("usage.")}


# The hash


def test_the_hash_is_sixteen_hex_digits() -> None:
    assert all(re.fullmatch("[0-9a-f]{16}", probe.hash) for probe in PROBES.values())


@pytest.mark.parametrize(
    "change", [("asks for a word", "asks for one word"), ("choice.index", "n.honoured"), ("[stream]", "[]")]
)
def test_the_hash_does_not_cover_what_is_said_about_a_probe(
    write: Callable[[str], Path], change: tuple[str, str]
) -> None:
    before = load_probes(write(MINE))["mine"].hash
    assert load_probes(write(MINE.replace(*change)))["mine"].hash == before


@pytest.mark.parametrize(
    "change",
    [
        ("One word", "A word"),
        ("max_output: 5", "max_output: 6"),
        ("max_output: 5", "auth: none"),
        ("max_output: 5", "greedy: true"),
    ],
)
def test_the_hash_changes_with_what_is_asked(write: Callable[[str], Path], change: tuple[str, str]) -> None:
    before = load_probes(write(MINE))["mine"].hash
    assert load_probes(write(MINE.replace(*change)))["mine"].hash != before


def test_the_hash_does_not_change_when_a_default_is_spelt_out() -> None:
    assert hash_of("openai-chat", [Step(body={})]) == hash_of("openai-chat", [Step(body={}, auth="key", max_output=64)])


# A step becomes a request


def test_a_request_names_the_target_and_carries_the_key() -> None:
    request = build_request(PROBES["plain"].steps[0], LOCAL, URL + "/", KEY)
    assert isinstance(request, Request)
    assert (request.method, request.url) == ("POST", f"{URL}/chat/completions")
    assert request.json["model"] == LOCAL.model
    assert request.headers["authorization"] == KEY["Authorization"]
    assert request.headers["user-agent"].startswith("llm-provider-conformance/")


@pytest.mark.parametrize(("auth", "header"), [("none", None), ("invalid", "Bearer sk-conformance-invalid-key")])
def test_the_key_is_not_sent_where_a_probe_is_about_keys(auth: Any, header: str | None) -> None:
    request = build_request(Step(auth=auth, body={"messages": []}), LOCAL, URL, KEY)
    assert isinstance(request, Request)
    assert request.headers.get("authorization") == header


def test_a_body_may_name_another_model_or_none() -> None:
    assert body_of(Step(body={"model": "other"}))["model"] == "other"
    assert "model" not in body_of(Step(body={"model": None}))


def test_a_model_id_stands_in_the_path() -> None:
    request = build_request(PROBES["models-retrieve"].steps[0], LOCAL, URL, KEY)
    assert isinstance(request, Request)
    assert request.url == f"{URL}/models/{LOCAL.model}"
    assert (request.body, "content-type" in request.headers) == (b"", False)


def test_a_raw_body_is_sent_as_it_is() -> None:
    step = PROBES["error-malformed-json"].steps[0]
    request = build_request(step, LOCAL, URL, KEY)
    assert isinstance(request, Request)
    assert request.body.decode() == step.raw_body


def test_text_is_sent_as_utf_8() -> None:
    request = build_request(PROBES["unicode"].steps[0], LOCAL, URL, KEY)
    assert isinstance(request, Request)
    assert "東京".encode() in request.body


@pytest.mark.parametrize(
    ("unsupported", "sent"),
    [
        (set(), {"max_tokens": 9}),
        ({"max_tokens"}, {"max_completion_tokens": 9}),
        ({"max_tokens", "max_completion_tokens"}, {}),
    ],
)
def test_the_limit_goes_out_under_a_name_that_the_target_takes(unsupported: set[str], sent: dict[str, int]) -> None:
    body = body_of(Step(max_output=9, body={}), target(unsupported=frozenset(unsupported)))
    assert {name: value for name, value in body.items() if name.startswith("max")} == sent


def test_the_dialects_own_path_may_be_spelt_out() -> None:
    spelt = Step(body={"messages": []}, path="chat/completions", max_output=8)
    assert body_of(spelt) == body_of(Step(body={"messages": []}, max_output=8))
    assert body_of(spelt)["max_tokens"] == 8


def test_a_limit_in_the_body_wins() -> None:
    assert body_of(Step(body={"max_completion_tokens": 3})) == {"model": LOCAL.model, "max_completion_tokens": 3}


def test_the_plan_counts_the_limit_that_the_dialect_writes() -> None:
    probe = PROBES["max-tokens"]
    assert [output_tokens(replace(LOCAL, dialect=name), probe) for name in ("openai-chat", "openai-responses")] == [
        8,
        16,
    ]


def test_a_reasoning_model_gets_room_to_think() -> None:
    assert (
        body_of(Step(max_output=9, body={}), target(added=frozenset({"reasoning"})))["max_tokens"]
        == 9 + REASONING_TOKENS
    )


def test_greedy_sends_what_the_target_takes() -> None:
    step = Step(max_output=None, greedy=True, body={})
    assert body_of(step) == {"model": LOCAL.model, "temperature": 0, "seed": 7}
    assert body_of(step, target(unsupported=frozenset({"temperature", "seed"}))) == {"model": LOCAL.model}
    assert "seed" not in body_of(step, target(without=frozenset({"seed"})))


# Placeholders


def test_a_reply_goes_back_exactly_as_it_came() -> None:
    message = {"role": "assistant", "content": None, "reasoning": "hm", "x_extra": [1], "tool_calls": [CALL]}
    step = Step(body={"messages": [{"$history": 0}, {"$reply": 0}, {"$tool_results": 0, "content": "noon"}]})
    messages = body_of(step, previous=(answered(message),))["messages"]
    result = {"role": "tool", "tool_call_id": "call_7", "content": "noon"}
    assert messages == [{"role": "user", "content": "Hi"}, message, result]


@pytest.mark.parametrize("previous", [answered({"role": "assistant", "content": "Hi"}), streamed({"content": "Hi"})])
def test_the_id_of_an_answer_goes_back(previous: Exchange) -> None:
    response = previous.response
    assert response is not None
    named = replace(
        previous,
        response=replace(response, body=response.body.replace(b'{"choices"', b'{"id": "resp_7", "choices"', 1)),
    )
    assert body_of(Step(body={"previous": {"$id": 0}}), previous=(named,))["previous"] == "resp_7"
    without = build_request(Step(body={"previous": {"$id": 0}}), LOCAL, URL, KEY, (Case(previous),))
    assert without == "step 1 has no id to continue from"


def test_a_streamed_reply_goes_back_joined() -> None:
    function = CALL["function"]
    assert isinstance(function, dict)
    exchange = streamed(
        {"role": "assistant", "reasoning_content": "h"},
        {"reasoning_content": "m"},
        {"content": "Wait"},
        {"content": "."},
        {"tool_calls": [{"index": 0, **CALL, "function": {**function, "arguments": '{"city": '}}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": '"Lima"}'}}]},
        finish="tool_calls",
    )
    message = body_of(Step(body={"messages": [{"$reply": 0}]}), previous=(exchange,))["messages"][0]
    assert message == {"role": "assistant", "content": "Wait.", "reasoning_content": "hm", "tool_calls": [CALL]}


@pytest.mark.parametrize(
    ("exchange", "reason"),
    [
        (answered({"role": "assistant", "content": "Noon."}), "step 1 has no tool call to answer"),
        (
            answered({"role": "assistant", "tool_calls": [CALL]}, finish="length"),
            "a tool call that the token limit cut",
        ),
        (_exchange(b'{"error": {"message": "no"}}', "application/json"), "step 1 has no completion to continue from"),
        (replace(answered({}), response=None), "step 1 has no completion to continue from"),
    ],
)
def test_a_conversation_that_cannot_go_on_says_why(exchange: Exchange, reason: str) -> None:
    step = Step(body={"messages": [{"$reply": 0}, {"$tool_results": 0, "content": "noon"}]})
    ended = build_request(step, LOCAL, URL, KEY, [Case(exchange)])
    assert isinstance(ended, str)
    assert reason in ended


def test_a_conversation_goes_on_in_the_targets_dialect() -> None:
    to = replace(LOCAL, dialect="openai-responses")
    first, then = PROBES["tools-round-trip"].steps
    request = build_request(first, to, URL, KEY)
    assert isinstance(request, Request)
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "get_weather", "arguments": "{}"}
    answer = json.dumps({"id": "r", "object": "response", "status": "completed", "output": [call]}).encode()
    response = Response(200, {"content-type": "application/json"}, answer, "clean")
    brought = Exchange("x", request, response, dialect="openai-responses")
    body = body_of(then, to, (brought,))
    result = {"type": "function_call_output", "call_id": "call_1", "output": "21 degrees"}
    assert body["input"] == [*request.json["input"], call, result]
    assert (body["max_output_tokens"], body["temperature"], "messages" in body) == (64, 0, False)


def test_a_step_that_was_not_asked_ends_the_conversation() -> None:
    assert build_request(Step(body={"messages": [{"$reply": 0}]}), LOCAL, URL, KEY) == "step 1 was not asked"


def test_long_text_is_written_short() -> None:
    assert body_of(Step(body={"messages": [{"content": {"$repeat": ["ab", 3]}}]}))["messages"] == [
        {"content": "ababab"}
    ]
    long = body_of(Step(body={"prompt": {"$overflow": "word "}}), target(context=1000))["prompt"]
    assert long == "word " * 1250


# What a target is asked


@pytest.mark.parametrize(
    ("to", "probe", "reason"),
    [
        (
            target(without=frozenset({"n"})),
            "n",
            "needs the capability n, which llamacpp/smollm2-135m-instruct does not have",
        ),
        (
            target(unsupported=frozenset({"stop"})),
            "stop",
            "sends stop, which llamacpp/smollm2-135m-instruct does not take",
        ),
        (
            target(unsupported=frozenset({"stream_options.include_usage"})),
            "stream-usage",
            "sends stream_options.include_usage, ",
        ),
        (target(context=None), "error-context-overflow", "which its provider's TOML does not state"),
        (target(context=1_000_000), "error-context-overflow", "1000000 tokens are too many for one request"),
        (
            replace(LOCAL, dialect="smoke-signals"),
            "plain",
            "smoke-signals, which cannot be asked yet",
        ),
        (
            replace(LOCAL, dialect="openai-responses"),
            "error-bad-role",
            "speaks openai-chat, and llamacpp/smollm2-135m-instruct",
        ),
        (replace(LOCAL, dialect="openai-responses"), "stop", "openai-responses, which has no word for stop"),
    ],
)
def test_a_target_is_spared_with_the_reason(to: Target, probe: str, reason: str) -> None:
    askable, reasons = probes_for(to, PROBES)
    assert probe not in {each.name for each in askable}
    assert reason in reasons[probe]


def test_what_a_target_refuses_by_default_only_is_left_out_of_the_request_and_still_asked() -> None:
    askable, _ = probes_for(target(unsupported=frozenset({"max_tokens", "temperature", "seed"})), PROBES)
    names = {probe.name for probe in askable}
    assert {"plain", "tools-auto-stream", "json-schema"} <= names
    assert not {"max-tokens", "error-out-of-range"} & names


def test_asked_and_spared_are_all_there_is() -> None:
    for provider in PROVIDERS.values():
        for name in provider.default_models:
            askable, reasons = probes_for(Target(provider, name, provider.dialect), PROBES)
            assert {probe.name for probe in askable} | set(reasons) == set(PROBES)
            assert len(askable) + len(reasons) == len(PROBES)


def test_a_probe_says_which_parameters_it_cannot_do_without() -> None:
    probe: Probe = PROBES["stream-usage"]
    assert probe.parameters("openai-chat") == {"messages", "stream", "stream_options", "stream_options.include_usage"}
    assert probe.parameters("openai-responses") == {"input", "stream"}
