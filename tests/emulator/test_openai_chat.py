"""What the TOML's stream, error and wire facts become: each fact by itself, over a provider that states no other."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.emulator.dialects.openai_chat.body import plain
from conformance.emulator.dialects.openai_chat.stream import streamed
from conformance.emulator.dress.context import answer_context
from conformance.emulator.dress.headers import headers_of
from conformance.emulator.dress.pace import waits
from conformance.emulator.dress.refusals import stream_error
from conformance.emulator.mind.completion import Called, Choice, Completion, Refusal, TokenLogprob
from conformance.emulator.respond import respond
from conformance.emulator.response import Event, Plain, Streamed, as_bytes
from conformance.providers import Auth, ErrorCase, Errors, Model, Params, Provider, Stream, Target
from conformance.providers.answer_shape import Addition, Condition, Pace, Wire
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response
from conformance.wire.sentinels import INVALID_KEY, NO_SUCH_MODEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.response import Outgoing

NOW = 1_795_219_200.0
CAPABILITIES = frozenset({"auth", "stream", "stream_usage", "tools", "parallel_tools", "logprobs", "n"})
SAID = Completion(
    (Choice(("Blue", ".", " Sky"), ("I", " think"), (), "stop"),),
    prompt_tokens=9,
    completion_tokens=5,
    reasoning_tokens=2,
)
CALLS = (Called("get_weather", '{"city": "Oslo"}'), Called("get_time", "{}"))
CALLING = Completion((Choice((), (), CALLS, "tool_calls"),), prompt_tokens=9, completion_tokens=12)


def target(**facts: Any) -> Target:
    """A provider that states these facts and no other."""
    auth = Auth("Authorization", "X_KEY", "Bearer")
    known = {"capabilities": CAPABILITIES, "models": {"m": Model("m", CAPABILITIES)}, "auth": auth, **facts}
    provider = Provider(
        "x", __file__, base_url="https://x.example/v1", dialect="openai-chat", dialects=("openai-chat",), **known
    )  # type: ignore[arg-type]
    return Target(provider, "m", "openai-chat")


def asked(**body: Any) -> Request:
    return Request(
        "POST",
        "http://h/v1/chat/completions",
        {"authorization": "Bearer k"},
        json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hi"}], **body}).encode(),
    )


def said(completion: Completion = SAID, *, body: Mapping[str, Any] | None = None, **facts: Any) -> dict[str, Any]:
    """The body of a completion in one piece."""
    on = answer_context(target(**facts), asked(**(body or {})), seed=0, turn=0, now=NOW)
    found = plain(on, completion, waits(on.target.provider.pace, on.rng)).body
    assert isinstance(found, dict)
    return found


def stream(completion: Completion = SAID, *, usage: bool = False, **facts: Any) -> Streamed:
    options = {"stream_options": {"include_usage": True}} if usage else {}
    on = answer_context(target(**facts), asked(stream=True, **options), seed=0, turn=0, now=NOW)
    return streamed(on, completion, waits(on.target.provider.pace, on.rng))


def chunks(found: Streamed) -> list[dict[str, Any]]:
    return [event.data for event in found.events if isinstance(event.data, dict)]


def deltas(found: Streamed) -> list[dict[str, Any]]:
    return [choice["delta"] for chunk in chunks(found) for choice in chunk["choices"]]


def finishes(found: Streamed) -> list[str | None]:
    return [choice.get("finish_reason", "absent") for chunk in chunks(found) for choice in chunk["choices"]]


def add(at: str, value: Mapping[str, Any], **when: Any) -> Wire:
    return Wire(add=(Addition(at, value, Condition(**when)),))


# A completion in one body


def test_without_facts_an_answer_is_openai_s() -> None:
    body = said()
    assert list(body) == ["id", "object", "created", "model", "choices", "usage"]
    assert body["created"] == int(NOW)
    assert body["choices"] == [
        {"index": 0, "message": {"role": "assistant", "content": "Blue. Sky"}, "finish_reason": "stop"}
    ]
    assert body["usage"] == {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14}


@pytest.mark.parametrize("member", ["reasoning", "reasoning_content"])
def test_reasoning_stands_where_the_provider_puts_it(member: str) -> None:
    assert said(wire=Wire(reasoning=member))["choices"][0]["message"][member] == "I think"  # type: ignore[arg-type]
    pieces = [delta[member] for delta in deltas(stream(wire=Wire(reasoning=member))) if member in delta]  # type: ignore[arg-type]
    assert pieces == ["I", " think"]


def test_reasoning_may_be_parts_of_the_content() -> None:
    wire = Wire(reasoning="thinking-parts")
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "I think"}], "closed": True}
    assert said(wire=wire)["choices"][0]["message"]["content"] == [thinking, {"type": "text", "text": "Blue. Sky"}]
    assert deltas(stream(wire=wire))[1]["content"][0]["thinking"] == [{"type": "text", "text": "I"}]


def test_a_tool_call_has_an_id_of_its_own_and_no_content() -> None:
    message = said(CALLING, wire=Wire(tool_call_id="{alnum:9}"))["choices"][0]["message"]
    assert message["content"] is None
    assert [call["function"]["name"] for call in message["tool_calls"]] == ["get_weather", "get_time"]
    assert len({call["id"] for call in message["tool_calls"]}) == 2
    assert all(len(call["id"]) == 9 for call in message["tool_calls"])


def test_logprobs_have_bytes_and_rivals() -> None:
    scored = TokenLogprob("é", -0.5, (("é", -0.5), ("e", -1.0)))
    completion = Completion((Choice(("é",), (), (), "stop", (scored,)),), 1, 1)
    entry = said(completion)["choices"][0]["logprobs"]["content"][0]
    assert entry["bytes"] == [195, 169]
    assert [each["token"] for each in entry["top_logprobs"]] == ["é", "e"]
    assert chunks(stream(completion))[1]["choices"][0]["logprobs"]["content"] == [entry]


@pytest.mark.parametrize(("how", "created"), [("zero", 0), ("now", int(NOW)), ("float", NOW)])
def test_created_is_written_as_the_provider_writes_it(how: Any, created: float) -> None:
    assert said(wire=Wire(created=how))["created"] == created


def test_a_finish_reason_may_have_the_provider_s_word() -> None:
    wire = Wire(finish_reasons={"stop": "eos"})
    assert said(wire=wire)["choices"][0]["finish_reason"] == "eos"
    assert finishes(stream(wire=wire))[-1] == "eos"


# Additions


@pytest.mark.parametrize(
    ("at", "pointer"),
    [
        ("completion", ()),
        ("choice", ("choices", 0)),
        ("message", ("choices", 0, "message")),
        ("usage", ("usage",)),
    ],
)
def test_an_addition_is_merged_at_its_place(at: str, pointer: tuple[str | int, ...]) -> None:
    found: Any = said(wire=add(at, {"x": "{prompt_tokens}", "y": {"z": "{total_tokens}"}}))
    for step in pointer:
        found = found[step]
    assert found["y"] == {"z": 14}
    assert found["x"] == 9


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({}, True),
        ({"models": ("m*",)}, True),
        ({"models": ("n*",)}, False),
        ({"asked": ("stream_options.include_usage",)}, True),
        ({"asked": ("logprobs",)}, False),
        ({"asked": ("stop",)}, False),
        ({"has": ("content",)}, True),
        ({"has": ("content", "tool_calls")}, False),
        ({"lacks": ("tool_calls",)}, True),
        ({"lacks": ("reasoning",)}, False),
        ({"stream": False}, True),
        ({"stream": True}, False),
    ],
)
def test_an_addition_holds_only_when_every_condition_does(when: dict[str, Any], holds: bool) -> None:  # noqa: FBT001 - of a table
    body = {"stream_options": {"include_usage": True}, "logprobs": False}
    assert ("x" in said(body=body, wire=add("completion", {"x": 1}, **when))) is holds


def test_what_comes_sometimes_comes_in_a_half_of_the_answers() -> None:
    wire = add("completion", {"x": 1}, sometimes=True)
    answers = [said(body={"user": str(number)}, wire=wire) for number in range(200)]
    assert 70 < sum("x" in each for each in answers) < 130


def test_additions_apply_in_their_order_and_may_remove() -> None:
    first, second = (
        Addition("completion", {"a": {"b": 1, "c": 1}}),
        Addition("completion", {"a": {"c": "{absent}"}, "usage": "{null}"}),
    )
    body = said(wire=Wire(add=(first, second)))
    assert body["a"] == {"b": 1}
    assert body["usage"] is None


@pytest.mark.parametrize(
    ("at", "which"),
    [
        ("chunk", "1111111"),
        ("chunk.first", "1000000"),
        ("chunk.finish", "0000010"),
        ("chunk.usage", "0000001"),
        ("chunk.usage_object", "0000001"),
        ("usage", "0000001"),
        ("chunk.choice", "1111110"),
        ("chunk.choice.finish", "0000010"),
        ("delta", "1111110"),
        ("delta.first", "1000000"),
        ("delta.content", "0011100"),
        ("delta.reasoning", "0100000"),
        ("delta.finish", "0000010"),
    ],
)
def test_an_addition_to_a_stream_stands_on_the_chunks_of_its_place(at: str, which: str) -> None:
    once = replace(SAID, choices=(replace(SAID.choices[0], reasoning=("I",)),))
    wire = replace(add(at, {"marked": True}), reasoning="reasoning")
    found = chunks(stream(once, usage=True, wire=wire))
    assert "".join(str(int('"marked"' in json.dumps(each))) for each in found) == which


def test_extra_chunks_stand_at_their_places() -> None:
    wire = Wire(
        chunks=tuple(Addition(at, {"at": at, "m": "{model}"}) for at in ("before", "after-finish", "after-usage"))
    )
    found = chunks(stream(usage=True, wire=wire))
    assert found[0] == {"at": "before", "m": "m"}
    assert [each.get("at") for each in found[-3:]] == ["after-finish", None, "after-usage"]


def test_values_are_drawn_once_an_answer() -> None:
    wire = Wire(
        values={"r": "req_{hex:8}", "s": "{r}!"},
        headers={"x-request-id": "{r}"},
        add=(Addition("completion", {"r": "{s}"}),),
    )
    on = answer_context(target(wire=wire), asked(), seed=0, turn=0, now=NOW)
    answer = plain(on, SAID, waits(Pace(), on.rng))
    assert answer.body["r"] == answer.headers["x-request-id"] + "!"


# Streams


def text_of(found: Streamed) -> str:
    return "".join(delta.get("content") or "" for delta in deltas(found))


def test_without_facts_a_stream_is_openai_s() -> None:
    found = stream(usage=True)
    assert deltas(found) == [
        {"role": "assistant", "content": ""},
        {"content": "Blue"},
        {"content": "."},
        {"content": " Sky"},
        {},
    ]
    assert finishes(found) == [None] * 4 + ["stop"]
    assert chunks(found)[-1]["choices"] == []
    assert chunks(found)[-1]["usage"]["total_tokens"] == 14
    assert found.events[-1].data == "[DONE]"
    assert len({(each["id"], each["created"], each["object"]) for each in chunks(found)}) == 1


@pytest.mark.parametrize(
    ("usage", "where"),
    [
        ("final-chunk", "000001"),
        ("finish-chunk", "00001"),
        ("finish-and-final", "000011"),
        ("trailing-choice", "000001"),
        ("every-chunk", "11111"),
        ("none", "00000"),
    ],
)
def test_usage_stands_where_the_provider_puts_it(usage: Any, where: str) -> None:
    unasked = stream(stream=Stream(usage_unasked=usage))
    assert "".join(str(int("usage" in each)) for each in chunks(unasked)) == where
    if usage != "none":
        found = stream(usage=True, stream=Stream(usage=usage))
        assert "".join(str(int("usage" in each)) for each in chunks(found)) == where
        assert chunks(found)[-1]["usage"]["total_tokens"] == 14


def test_running_totals_grow_to_the_whole() -> None:
    counts = [each["usage"]["completion_tokens"] for each in chunks(stream(stream=Stream(usage_unasked="every-chunk")))]
    assert counts == [0, 1, 2, 3, 5]


def test_a_trailing_choice_may_repeat_the_finish_reason() -> None:
    facts = Stream(usage_unasked="trailing-choice", finish_repeats=True)
    assert finishes(stream(stream=facts))[-2:] == ["stop", "stop"]
    assert finishes(stream(stream=Stream(usage_unasked="trailing-choice")))[-2:] == ["stop", None]
    assert finishes(stream(stream=Stream(finish_repeats=True)))[-2:] == ["stop", "stop"]


def test_a_role_on_every_delta() -> None:
    assert all(delta["role"] == "assistant" for delta in deltas(stream(stream=Stream(role="every"))))


def test_no_finish_reason_before_the_end() -> None:
    assert finishes(stream(stream=Stream(finish_reason="absent"))) == ["absent"] * 4 + ["stop"]


@pytest.mark.parametrize("how", ["fragments", "whole", "both", "finish-chunk"])
def test_tool_calls_arrive_whole_or_in_fragments_and_join_to_what_was_called(how: Any) -> None:
    found = stream(CALLING, stream=Stream(tool_calls=how))
    parts = [part for delta in deltas(found) for part in delta.get("tool_calls", ())]
    joined = ["".join(part["function"].get("arguments", "") for part in parts if part["index"] == at) for at in (0, 1)]
    assert joined == [call.arguments for call in CALLS]
    assert [part["function"]["name"] for part in parts if "id" in part] == ["get_weather", "get_time"]
    assert (len(parts) == 2) is (how in {"whole", "finish-chunk"}) or how == "both"
    finish = next(choice for chunk in chunks(found) for choice in chunk["choices"] if choice["finish_reason"])
    assert ("tool_calls" in finish["delta"]) is (how == "finish-chunk")


def test_the_first_fragment_of_a_call_can_be_added_to() -> None:
    wire = add("chunk.tool_call", {"custom": "{name}"})
    parts = [part for delta in deltas(stream(CALLING, wire=wire)) for part in delta.get("tool_calls", ())]
    assert [part.get("custom") for part in parts if "id" in part] == ["get_weather", "get_time"]
    assert not any("custom" in part for part in parts if "id" not in part)


def test_choices_take_turns() -> None:
    both = replace(SAID, choices=(SAID.choices[0], SAID.choices[0]))
    found = chunks(stream(both, usage=True))
    assert [choice["index"] for each in found for choice in each["choices"]] == [0, 1] * 5
    assert sum("usage" in each for each in found) == 1


def test_the_end_and_the_lines_are_the_provider_s() -> None:
    facts = Stream(
        terminator="eof",
        line_end="crlf",
        comments=True,
        comment=" WAIT",
        content_type="text/event-stream; charset=utf-8",
    )
    found = stream(stream=facts)
    answered = as_bytes(found)
    assert answered.body.startswith(b": WAIT\r\n\r\ndata: {")
    assert answered.body.endswith(b"}\r\n\r\n")
    assert b"[DONE]" not in answered.body
    assert answered.headers["content-type"] == "text/event-stream; charset=utf-8"


def test_ids_dates_and_objects_may_change_from_chunk_to_chunk() -> None:
    facts = Stream(id="per-chunk", created="per-chunk", object="chunk", object_last="last")
    found = chunks(stream(stream=facts, pace=Pace(ttft=1.0, tps=0.5)))
    assert len({each["id"] for each in found}) == len(found)
    assert [each["created"] - int(NOW) for each in found] == [1, 3, 5, 7, 7]
    assert [each["object"] for each in found] == ["chunk"] * 4 + ["last"]


def test_json_may_be_spaced() -> None:
    assert b'"index": 0, "delta": ' in as_bytes(stream(wire=Wire(json="spaced"))).body
    assert b'"index":0,"delta":' in as_bytes(stream()).body


def test_waits_follow_the_pace() -> None:
    found = stream(pace=Pace(queue=0.5, ttft=2.0, tps=4.0))
    assert [event.wait for event in found.events if event.wait] == [2.0, 0.25, 0.25, 0.25]
    grouped = stream(pace=Pace(tps=4.0, tokens_per_chunk=2))
    assert text_of(grouped) == "Blue. Sky"
    assert [event.wait for event in grouped.events if event.wait] == [0.2, 0.5, 0.25]


def test_a_comment_beside_an_event_is_one_of_its_own() -> None:
    only = Streamed({}, (Event("x", name="error", comment=" hi"),))
    assert as_bytes(only).body == b": hi\n\nevent: error\ndata: x\n\n"


TEXTS = st.lists(st.text(min_size=1, max_size=6), max_size=5).map(tuple)
FACTS = st.builds(
    Stream,
    terminator=st.sampled_from(["[DONE]", "eof"]),
    usage=st.sampled_from(["final-chunk", "finish-chunk", "finish-and-final", "trailing-choice", "every-chunk"]),
    role=st.sampled_from(["first", "every"]),
    finish_reason=st.sampled_from(["null", "absent"]),
    finish_repeats=st.booleans(),
    tool_calls=st.sampled_from(["fragments", "whole", "both", "finish-chunk"]),
    comments=st.booleans(),
    line_end=st.sampled_from(["lf", "crlf"]),
    id=st.sampled_from(["same", "per-chunk"]),
)
CHOICES = st.builds(
    Choice,
    pieces=TEXTS,
    reasoning=TEXTS,
    tool_calls=st.lists(st.builds(Called, st.just("f"), st.text(max_size=8).map(json.dumps)), max_size=3).map(tuple),
    finish_reason=st.sampled_from(["stop", "length", "tool_calls"]),
)


@given(
    facts=FACTS,
    choices=st.lists(CHOICES, min_size=1, max_size=3).map(tuple),
    reasoning=st.sampled_from(["none", "reasoning", "reasoning_content"]),
    size=st.integers(1, 3),
)
def test_whatever_the_facts_a_client_joins_a_stream_to_what_was_said(
    facts: Stream, choices: tuple[Choice, ...], reasoning: Any, size: int
) -> None:
    wire, pace = Wire(reasoning=reasoning), Pace(tokens_per_chunk=size)
    bytes_ = as_bytes(stream(Completion(choices, 3, 4), usage=True, stream=facts, wire=wire, pace=pace))
    response = Response(200, bytes_.headers, bytes_.body, "clean")
    found = Case(Exchange("x", asked(stream=True), response, dialect="openai-chat")).reply
    assert [choice.text for choice in found.choices] == [choice.text for choice in choices]
    thoughts = ["".join(choice.reasoning) if reasoning != "none" else "" for choice in choices]
    assert [choice.reasoning for choice in found.choices] == thoughts
    calls = [[(call.name, call.arguments) for call in choice.tool_calls] for choice in found.choices]
    assert calls == [[(call.name, call.arguments) for call in choice.tool_calls] for choice in choices]
    assert [choice.finish_reason for choice in found.choices] == [choice.finish_reason for choice in choices]
    assert found.usages


# Errors


def answered(request: Request, **facts: Any) -> Plain:
    found: Outgoing = respond(target(**facts), request, now=NOW)
    assert isinstance(found, Plain)
    return found


def failed(usual: Any, **case: Any) -> Any:
    known = ErrorCase(
        "unknown_model",
        404,
        retryable=False,
        source="invented",
        confidence="high",
        type="t",
        code="c",
        param="model",
        message="No {model}.",
        **case,
    )
    return answered(
        asked(model=NO_SUCH_MODEL), errors=Errors(envelope=usual, fields=("message", "param"), cases=(known,))
    ).body


def test_an_error_has_the_provider_s_envelope_and_members() -> None:
    message = f"No {NO_SUCH_MODEL}."
    members = {"message": message, "type": "t", "param": "model", "code": "c"}
    assert failed("error-object") == {"error": members}
    assert failed("array") == [{"error": members}]
    assert failed("flat") == members
    assert failed("detail") == {"detail": message}
    assert failed("message") == {"message": message}
    assert failed("error-string") == {"error": message}
    assert failed("text") == message
    assert failed("empty") is None
    assert failed("error-object", envelope="detail") == {"detail": message}


@pytest.mark.parametrize(("code_type", "code"), [("integer", 404), ("string", None), ("mixed", None)])
def test_a_code_has_the_provider_s_type(code_type: Any, code: Any) -> None:
    case = ErrorCase("unknown_model", 404, retryable=False, source="invented", confidence="high")
    found = answered(asked(model=NO_SUCH_MODEL), errors=Errors(code_type=code_type, cases=(case,)))
    assert found.body["error"]["code"] == code


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        (replace(asked(), headers={}), 401, None),
        (replace(asked(), headers={"authorization": f"Bearer {INVALID_KEY}"}), 401, "invalid_api_key"),
        (replace(asked(), headers={"authorization": "Basic k"}), 401, "invalid_api_key"),
        (asked(model=NO_SUCH_MODEL), 404, "model_not_found"),
        (replace(asked(), body=b'{"model'), 400, None),
        (replace(asked(), body=b"[" * 100_000), 400, None),
        (replace(asked(), body=b"[]"), 400, None),
        (asked(messages="Hi"), 400, None),
        (asked(temperature=9), 400, None),
        (replace(asked(), url="http://h/v1/chat/completionz"), 404, None),
        (replace(asked(), url="http://h/chat/completions"), 404, None),
        (replace(asked(), method="GET"), 405, None),
        (Request("POST", "http://h/v1/models"), 405, None),
        (Request("GET", f"http://h/v1/models/{NO_SUCH_MODEL}", {"authorization": "Bearer k"}), 404, "model_not_found"),
    ],
)
def test_a_case_that_is_not_sourced_answers_as_openai_does(request_: Request, status: int, code: str | None) -> None:
    found = answered(request_)
    assert found.status == status
    assert found.body["error"]["code"] == code
    assert found.headers["content-type"] == "application/json"


def test_a_server_that_checks_no_key_needs_none() -> None:
    assert answered(replace(asked(), headers={}), capabilities=frozenset(), models={}).status == 200


def test_an_unsupported_parameter_is_refused_or_ignored_as_the_provider_does() -> None:
    request = asked(logprobs=True)
    assert answered(request).status == 200
    refused = answered(request, params=Params(frozenset({"logprobs"}), "refused"))
    assert (refused.status, refused.body["error"]["param"]) == (400, "logprobs")
    ignored = answered(request, params=Params(frozenset({"logprobs"}), "ignored"))
    assert "logprobs" not in ignored.body["choices"][0]
    assert answered(asked(), params=Params(frozenset({"logprobs"}), "refused")).status == 200


@pytest.mark.parametrize(
    ("facts", "count", "name"),
    [
        (Stream(error="event"), 1, "error"),
        (Stream(error="data"), 1, None),
        (Stream(error="chunk", done_after_error=True), 2, None),
    ],
)
def test_a_failure_midway_arrives_as_the_provider_sends_it(facts: Stream, count: int, name: str | None) -> None:
    on = answer_context(target(stream=facts), asked(stream=True), seed=0, turn=0, now=NOW)
    events = stream_error(on, Refusal("stream_error", "It broke."))
    assert len(events) == count
    assert events[0].name == name
    assert events[0].data["error"]["message"] == "It broke."
    assert ("choices" in events[0].data) is (facts.error == "chunk")


# Headers and listings


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("none", "100"),
        ("go-duration", "600ms"),
        ("seconds-int", "1"),
        ("seconds-float", "0.600"),
        ("rfc3339", "2026-11-21T00:00:00.600000Z"),
    ],
)
def test_rate_limits_are_written_in_the_provider_s_unit(unit: Any, value: str) -> None:
    name = "x-limit-requests" if unit == "none" else "x-reset-requests"
    found = answered(
        asked(), rate_limit={name: unit, "retry-after": "seconds-int"}, limits={"requests_per_minute": 100}
    )
    assert found.headers[name] == value
    assert "retry-after" not in found.headers


def test_a_429_says_when_to_try_again() -> None:
    on = answer_context(target(rate_limit={"retry-after": "seconds-int"}), asked(), seed=0, turn=0, now=NOW)
    assert headers_of(on, "", 429)["retry-after"] == "1"


def test_every_answer_says_that_it_is_emulated() -> None:
    assert answered(asked()).headers["x-conformance-evidence"] == "emulated"
    assert answered(asked(model=NO_SUCH_MODEL)).headers["x-conformance-evidence"] == "emulated"


def test_models_are_listed_with_the_provider_s_members() -> None:
    listing = {"shutdown": "2027-01-01"}
    facts: dict[str, Any] = {
        "models": {"m": Model("m", CAPABILITIES), "o/n": Model("o/n", CAPABILITIES, listing=listing)},
        "wire": add("model", {"owned_by": "us", "name": "{model}"}),
    }
    request = Request("GET", "http://h/v1/models", {"authorization": "Bearer k"})
    listed = answered(request, **facts).body
    assert listed["object"] == "list"
    assert [each["name"] for each in listed["data"]] == ["m", "o/n"]
    one = answered(replace(request, url="http://h/v1/models/o%2Fn"), **facts).body
    assert one == listed["data"][1]
    assert one["shutdown"] == "2027-01-01"


# Draws


def test_the_same_request_gets_the_same_answer_and_another_id_at_the_next_turn() -> None:
    first, again = (respond(target(), asked(), seed=1, turn=0, now=NOW) for _ in range(2))
    later, seeded = respond(target(), asked(), seed=1, turn=1, now=NOW), respond(target(), asked(), seed=2, now=NOW)
    assert first == again
    assert isinstance(first, Plain)
    assert isinstance(later, Plain)
    assert isinstance(seeded, Plain)
    assert len({first.body["id"], later.body["id"], seeded.body["id"]}) == 3
    assert first.body["choices"] == later.body["choices"]
