"""Tool calls: identity, names, arguments, the indices and order of fragments."""

from __future__ import annotations

import json
from typing import Any

from tests.mutation.catalogue.envelope import CALL
from tests.mutation.catalogue.streams import CALL_STREAM
from tests.mutation.event_operators import drop_event, insert, move_event, repeat_event
from tests.mutation.mutant import mutant
from tests.mutation.operators import add, asked, drop, edit, put, rename, swap, then
from tests.mutation.wire import call, piece

PLAIN_CALL = "/choices/0/message/tool_calls/0"
PIECE = "/choices/0/delta/tool_calls/0"
INDEX = f"{PIECE}/index"
NAME, ARGUMENTS = "function/name", "function/arguments"
#: Calls that a request forced: without its call, such an answer ignores tool_choice as well.
NAMED = "plain-tool-named"
WHOLE = f"{CALL} plain-tool-required"
WEATHER_STREAM = "stream-tool stream-tool-required stream-tool-single stream-tool-timed"
EVERY_STREAM = f"{CALL_STREAM} stream-tool-required stream-tool-named"
BAD_JSON = "tool_call.arguments_json"
INCOMPLETE = "tool_call.first_delta_complete"


def _second(change: Any) -> Any:
    """Return the change to the index of the second call's fragments."""
    return edit(INDEX, lambda index: change(index) if index == 1 else index)


def _twice(text: str) -> str:
    return json.dumps(text)


def _arguments(text: str) -> Any:
    """Return the change to a whole call that puts one town into its arguments."""
    return put(f"{PLAIN_CALL}/{ARGUMENTS}", json.dumps({"town": text}))


def _earlier(call_id: str) -> Any:
    """Return the change to a request whose history holds an earlier call with an id."""
    earlier = {"role": "assistant", "content": None, "tool_calls": [call("clock", "{}", call_id)]}
    result = {"role": "tool", "tool_call_id": call_id, "content": "12:00"}
    return asked(messages=[{"role": "user", "content": "The time, then the weather?"}, earlier, result])


UNESCAPED = "tool_call.arguments_unescaped"
REUSED = "tool_call.id_new_in_conversation"
NULLS = "tool_call.continuation_nulls"
SPOKEN = "tool_call.not_in_content"

MUTANTS = [
    mutant("id-of-an-earlier-turn", _earlier("call_k3Vd"), "plain-tool stream-tool", REUSED),
    mutant("continuation-with-a-null-id", add(f"{PIECE}/id", None, 3), "stream-tool", NULLS),
    mutant("continuation-with-a-null-name", add(f"{PIECE}/{NAME}", None, 3), "stream-tool", NULLS),
    mutant("continuation-with-a-null-type", add(f"{PIECE}/type", None, 3), "stream-tool", NULLS),
    mutant(
        "argument-values-as-content",
        then(_arguments("Nantes sur Loire"), put("/choices/0/message/content", "\n\nNantes sur Loire\n")),
        "plain-tool",
        SPOKEN,
    ),
    mutant("arguments-with-an-ampersand-entity", _arguments("Nantes &amp; Brest"), "plain-tool", UNESCAPED),
    mutant("arguments-with-quote-entities", _arguments("&quot;Nantes&quot;"), "plain-tool", UNESCAPED),
    mutant("arguments-with-a-numbered-entity", _arguments("L&#39;Isle"), "plain-tool", UNESCAPED),
    mutant("arguments-with-a-second-escape", _arguments("Besan\\u00e7on"), "plain-tool", UNESCAPED),
    # whole calls
    mutant("call-id-dropped", drop(f"{PLAIN_CALL}/id"), f"{WHOLE} {NAMED}", INCOMPLETE),
    mutant("call-id-null", put(f"{PLAIN_CALL}/id", None), f"{WHOLE} {NAMED}", INCOMPLETE),
    mutant("call-id-empty", put(f"{PLAIN_CALL}/id", ""), f"{WHOLE} {NAMED}", "tool_call.id_nonempty"),
    mutant("call-id-with-a-blank", put(f"{PLAIN_CALL}/id", "call k3Vd"), f"{WHOLE} {NAMED}", "tool_call.id_nonempty"),
    mutant("call-id-number", put(f"{PLAIN_CALL}/id", 7), f"{WHOLE} {NAMED}", "schema.tool_call"),
    mutant(
        "call-id-of-another",
        put("/choices/0/message/tool_calls/1/id", "call_k3Vd"),
        "plain-tools-parallel",
        "tool_call.id_nonempty",
    ),
    mutant("call-type-dropped", drop(f"{PLAIN_CALL}/type"), f"{WHOLE} {NAMED}", INCOMPLETE),
    mutant("call-type-unknown", put(f"{PLAIN_CALL}/type", "func"), f"{WHOLE} {NAMED}", "schema.tool_call"),
    mutant("call-type-case", put(f"{PLAIN_CALL}/type", "Function"), f"{WHOLE} {NAMED}", "schema.tool_call"),
    mutant("call-function-dropped", drop(f"{PLAIN_CALL}/function"), WHOLE, INCOMPLETE, BAD_JSON),
    mutant(
        "call-function-dropped", drop(f"{PLAIN_CALL}/function"), NAMED, INCOMPLETE, BAD_JSON, "tool_choice.honoured"
    ),
    mutant("call-function-text", put(f"{PLAIN_CALL}/function", "get_weather"), WHOLE, INCOMPLETE),
    mutant(
        "call-is-flat",
        edit(PLAIN_CALL, lambda item: {"id": item["id"], "type": "function", **item["function"]}),
        WHOLE,
        INCOMPLETE,
        BAD_JSON,
        "schema.unknown_field",
    ),
    mutant(
        "calls-object",
        edit("/choices/0/message/tool_calls", lambda items: {"0": items[0]}),
        CALL,
        "schema.message",
        "content.nonempty_completion",
        "finish_reason.tool_calls_consistency",
    ),
    mutant(
        "calls-of-text",
        put("/choices/0/message/tool_calls", ["clock"]),
        CALL,
        "schema.message",
        "content.nonempty_completion",
        "finish_reason.tool_calls_consistency",
    ),
    mutant(
        "calls-renamed",
        rename("/choices/0/message/tool_calls", "function_calls"),
        CALL,
        "schema.misspelt_field",
        "content.nonempty_completion",
        "finish_reason.tool_calls_consistency",
    ),
    mutant("call-name-dropped", drop(f"{PLAIN_CALL}/{NAME}"), WHOLE, INCOMPLETE),
    mutant("call-name-null", put(f"{PLAIN_CALL}/{NAME}", None), WHOLE, INCOMPLETE),
    mutant("call-name-undeclared", put(f"{PLAIN_CALL}/{NAME}", "et_weather"), WHOLE, "tool_call.name_declared"),
    mutant(
        "call-name-undeclared",
        put(f"{PLAIN_CALL}/{NAME}", "et_weather"),
        NAMED,
        "tool_call.name_declared",
        "tool_choice.honoured",
    ),
    mutant("call-name-case", edit(f"{PLAIN_CALL}/{NAME}", str.upper), WHOLE, "tool_call.name_declared"),
    mutant(
        "call-name-empty", put(f"{PLAIN_CALL}/{NAME}", ""), WHOLE, "tool_call.name_declared", "tool_call.name_pattern"
    ),
    mutant(
        "call-name-with-dots",
        put(f"{PLAIN_CALL}/{NAME}", "functions.clock:0"),
        WHOLE,
        "tool_call.name_declared",
        "tool_call.name_pattern",
    ),
    mutant(
        "call-name-with-a-mark",
        put(f"{PLAIN_CALL}/{NAME}", "clock<|channel|>json"),
        WHOLE,
        "tool_call.name_declared",
        "tool_call.name_pattern",
        "content.no_special_tokens",
    ),
    mutant("arguments-dropped", drop(f"{PLAIN_CALL}/{ARGUMENTS}"), f"{WHOLE} {NAMED}", BAD_JSON),
    mutant("arguments-null", put(f"{PLAIN_CALL}/{ARGUMENTS}", None), f"{WHOLE} {NAMED}", BAD_JSON),
    mutant("arguments-empty", put(f"{PLAIN_CALL}/{ARGUMENTS}", ""), f"{WHOLE} {NAMED}", BAD_JSON),
    mutant("arguments-cut", edit(f"{PLAIN_CALL}/{ARGUMENTS}", lambda text: text[:-1]), f"{WHOLE} {NAMED}", BAD_JSON),
    mutant(
        "arguments-written-twice",
        edit(f"{PLAIN_CALL}/{ARGUMENTS}", lambda text: text * 2),
        f"{WHOLE} {NAMED}",
        BAD_JSON,
    ),
    mutant("arguments-encoded-twice", edit(f"{PLAIN_CALL}/{ARGUMENTS}", _twice), f"{WHOLE} {NAMED}", BAD_JSON),
    mutant("arguments-list", put(f"{PLAIN_CALL}/{ARGUMENTS}", "[]"), f"{WHOLE} {NAMED}", BAD_JSON),
    mutant("arguments-python", put(f"{PLAIN_CALL}/{ARGUMENTS}", "{'town': 'Nantes'}"), f"{WHOLE} {NAMED}", BAD_JSON),
    mutant(
        "arguments-nan",
        put(f"{PLAIN_CALL}/{ARGUMENTS}", '{"town": "Nantes", "days": NaN}'),
        "plain-tool",
        BAD_JSON,
        "tool_call.arguments_schema",
    ),
    mutant(
        "arguments-object",
        edit(f"{PLAIN_CALL}/{ARGUMENTS}", json.loads),
        f"{WHOLE} {NAMED}",
        "tool_call.arguments_string",
    ),
    mutant(
        "arguments-of-another-type",
        put(f"{PLAIN_CALL}/{ARGUMENTS}", '{"town": ["Nantes"]}'),
        "plain-tool plain-tools-parallel",
        "tool_call.arguments_schema",
    ),
    mutant(
        "arguments-without-a-required-one",
        put(f"{PLAIN_CALL}/{ARGUMENTS}", "{}"),
        "plain-tool plain-tool-required plain-tool-named",
        "tool_call.arguments_schema",
    ),
    mutant(
        "arguments-out-of-range",
        put(f"{PLAIN_CALL}/{ARGUMENTS}", '{"town": "Nantes", "days": 0}'),
        "plain-tool",
        "tool_call.arguments_schema",
    ),
    mutant(
        "arguments-with-one-more",
        put(f"{PLAIN_CALL}/{ARGUMENTS}", '{"town": "Nantes", "land": "FR"}'),
        "plain-tool",
        "tool_call.arguments_schema",
    ),
    mutant("call-field-unknown", add(f"{PLAIN_CALL}/frobnicated", 1), WHOLE, "schema.unknown_field"),
    # fragments
    mutant("index-dropped", drop(INDEX), f"{EVERY_STREAM}", "tool_call.index_required"),
    mutant("index-null", put(INDEX, None), EVERY_STREAM, "tool_call.index_required"),
    mutant("index-text", edit(INDEX, str), EVERY_STREAM, "tool_call.index_required"),
    mutant(
        "index-starts-at-one",
        edit(INDEX, lambda index: index + 1),
        EVERY_STREAM,
        "tool_call.index_contiguous_from_zero",
    ),
    mutant(
        "index-negative",
        edit(INDEX, lambda index: index - 1),
        "stream-tool stream-tools-parallel",
        "tool_call.index_contiguous_from_zero",
    ),
    mutant("index-skips", _second(lambda _: 2), "stream-tools-parallel", "tool_call.index_contiguous_from_zero"),
    mutant(
        "index-reused",
        _second(lambda _: 0),
        "stream-tools-parallel",
        "tool_call.index_unique_per_call",
        "tool_call.id_stable",
        "tool_call.name_once",
        BAD_JSON,
    ),
    mutant(
        "index-reused-by-fragments",
        put(INDEX, 0, -1),
        "stream-tools-parallel",
        BAD_JSON,
        "tool_call.fragments_in_order",
    ),
    mutant(
        "indices-swapped",
        edit(INDEX, lambda index: 1 - index),
        "stream-tools-parallel",
        "tool_call.index_contiguous_from_zero",
        "tool_call.fragments_in_order",
    ),
    mutant("first-id-dropped", drop(f"{PIECE}/id", 0), EVERY_STREAM, INCOMPLETE),
    mutant("first-id-empty", put(f"{PIECE}/id", "", 0), EVERY_STREAM, "tool_call.id_nonempty"),
    mutant("later-id-empty", add(f"{PIECE}/id", "", 1), EVERY_STREAM, "tool_call.id_nonempty"),
    mutant("later-id-another", add(f"{PIECE}/id", "call_z9", 1), EVERY_STREAM, "tool_call.id_stable"),
    mutant(
        "id-on-every-fragment",
        add(f"{PIECE}/id", "call_k3Vd"),
        f"{EVERY_STREAM} !stream-tools-parallel",
        "tool_call.id_once",
    ),
    mutant(
        "second-id-of-the-first", put(f"{PIECE}/id", "call_k3Vd", 1), "stream-tools-parallel", "tool_call.id_nonempty"
    ),
    mutant("first-type-dropped", drop(f"{PIECE}/type", 0), EVERY_STREAM, INCOMPLETE),
    mutant("first-type-unknown", put(f"{PIECE}/type", "tool", 0), EVERY_STREAM, "schema.tool_call"),
    mutant("first-name-dropped", drop(f"{PIECE}/{NAME}", 0), f"{CALL_STREAM} stream-tool-required", INCOMPLETE),
    mutant("first-name-dropped", drop(f"{PIECE}/{NAME}", 0), "stream-tool-named", INCOMPLETE, "tool_choice.honoured"),
    mutant(
        "first-name-undeclared",
        edit(f"{PIECE}/{NAME}", lambda name: name[1:], 0),
        f"{CALL_STREAM} stream-tool-required",
        "tool_call.name_declared",
    ),
    mutant(
        "first-name-with-dots",
        put(f"{PIECE}/{NAME}", "functions.clock", 0),
        CALL_STREAM,
        "tool_call.name_declared",
        "tool_call.name_pattern",
    ),
    mutant("name-on-every-fragment", add(f"{PIECE}/{NAME}", "get_weather"), WEATHER_STREAM, "tool_call.name_once"),
    mutant("name-empty-later", add(f"{PIECE}/{NAME}", "", 1), CALL_STREAM, "tool_call.name_once"),
    mutant("fragment-lost", drop_event(2), CALL_STREAM, BAD_JSON),
    mutant("fragment-twice", repeat_event(2), CALL_STREAM, BAD_JSON),
    mutant("fragments-reordered", move_event(2, 3), WEATHER_STREAM, BAD_JSON),
    mutant("fragments-interleaved", move_event(4, 6), "stream-tools-parallel", "tool_call.fragments_in_order"),
    mutant("fragment-text", put(PIECE, "get_weather", 0), "stream-tool", "schema.delta", INCOMPLETE),
    mutant(
        "fragment-arguments-object",
        put(f"{PIECE}/{ARGUMENTS}", {"town": "Nantes"}, 1),
        CALL_STREAM,
        "tool_call.arguments_string",
    ),
    mutant(
        "fragment-out-of-range",
        swap(b'ntes\\"}', b'ntes\\", \\"days\\": 0}'),
        WEATHER_STREAM,
        "tool_call.arguments_schema",
    ),
    mutant("arguments-empty", put(f"{PIECE}/{ARGUMENTS}", ""), CALL_STREAM, BAD_JSON),
    mutant("fragment-field-unknown", add(f"{PIECE}/frobnicated", 1), CALL_STREAM, "schema.unknown_field"),
    mutant(
        "calls-twice",
        insert(-2, piece({"tool_calls": [{"index": 1, **call("clock", "{}", "call_k3Vd")}]})),
        "stream-tool stream-tool-no-arguments",
        "tool_call.id_nonempty",
    ),
    mutant(
        "call-after-finish",
        insert(-1, piece({"tool_calls": [{"index": 1, **call("clock", "{}", "call_p8Zu")}]})),
        "stream-tool stream-tool-no-arguments",
        "finish_reason.exactly_once_per_choice",
    ),
]
