"""A stream's course: roles, finish reasons, the order of its chunks, errors in its middle."""

from __future__ import annotations

from typing import Any

from tests.mutation.catalogue.envelope import CALL, NO_OUTPUT, TEXT, TEXT_STREAM
from tests.mutation.event_operators import append, drop_event, insert, keep, move_event, repeat_event, truncate
from tests.mutation.mutant import mutant
from tests.mutation.operators import add, drop, edit, put, rename, stream, then
from tests.mutation.wire import chunk, piece

FINISH = "/choices/0/finish_reason"
ROLE = "/choices/0/delta/role"
#: Streams whose [DONE] follows the finish chunk.
UNMETERED = "stream* !stream-usage !stream-length"
FREE_CALLS = "!stream-tool !stream-tools-parallel !stream-tool-no-arguments !stream-tool-single !stream-tool-timed !stream-tool-required"
CALL_STREAM = "stream-tool stream-tools-parallel stream-tool-no-arguments stream-tool-single stream-tool-timed"
ENDED_BY_CALLS = f"{CALL_STREAM} stream-tool-required"  # a call of a function that was named may end with stop
ONCE = "finish_reason.exactly_once_per_choice"
FAULT: dict[str, Any] = {"message": "The engine stopped.", "type": "server_error", "param": None, "code": None}


def _fails(error: Any, at: int = 4) -> Any:
    return then(truncate(at), append({"error": error}))


MUTANTS = [
    # delta and role
    mutant("delta-dropped", drop("/choices/0/delta", 2), TEXT_STREAM, "chunk.delta_required"),
    mutant("delta-null", put("/choices/0/delta", None, 2), TEXT_STREAM, "chunk.delta_required"),
    mutant("delta-text", put("/choices/0/delta", " big", 2), TEXT_STREAM, "chunk.delta_required"),
    mutant(
        "delta-is-a-message",
        rename("/choices/0/delta", "message", 2),
        TEXT_STREAM,
        "chunk.delta_required",
        "stream.delta_incremental",
        "schema.unknown_field",
    ),
    mutant(
        "message-beside-delta",
        add("/choices/0/message", {"content": "The Loire"}, 3),
        TEXT_STREAM,
        "stream.delta_incremental",
        "schema.unknown_field",
    ),
    mutant(
        "delta-dropped-at-the-end",
        drop("/choices/0/delta", -1),
        "stream stream-tool stream-long stream-refusal",
        "chunk.delta_required",
    ),
    mutant("role-never", drop(ROLE), "stream*", "delta.role_once_first"),
    mutant("role-empty", put(ROLE, ""), "stream*", "delta.role_enum", "delta.role_once_first"),
    mutant("role-null", put(ROLE, None), "stream*", "delta.role_enum", "delta.role_once_first"),
    mutant("role-case", put(ROLE, "ASSISTANT"), "stream*", "delta.role_enum"),
    mutant("role-model", put(ROLE, "model"), "stream*", "delta.role_enum"),
    mutant("role-on-every-chunk", add(ROLE, "assistant"), "stream*", "delta.role_once_first"),
    mutant("role-empty-later", add(ROLE, "", 2), "stream*", "delta.role_enum"),
    mutant("role-user-later", add(ROLE, "user", 2), "stream*", "delta.role_enum", "delta.role_once_first"),
    mutant(
        "first-chunk-lost",
        drop_event(0),
        "stream stream-long stream-tool stream-tools-parallel stream-refusal stream-json-object",
        "delta.role_once_first",
    ),
    # finish_reason
    mutant("finish-key-dropped-once", drop(FINISH, 1), "stream*", "finish_reason.present_nullable"),
    mutant("finish-empty-at-first", put(FINISH, "", 0), "stream*", "finish_reason.null_not_empty"),
    mutant(
        "finish-empty-until-the-end",
        edit(FINISH, lambda reason: reason or ""),
        "stream*",
        "finish_reason.null_not_empty",
    ),
    mutant(
        "finish-dropped",
        drop(FINISH, -1),
        "stream* !stream-n",
        "finish_reason.present_nullable",
        "stream.truncated_without_finish",
    ),
    mutant("finish-null", put(FINISH, None), "stream* !stream-n", "stream.truncated_without_finish"),
    mutant("finish-null", put(FINISH, None), "stream-n", "stream.truncated_without_finish", "n.honoured"),
    mutant("finish-unknown", put(FINISH, "eos", -1), TEXT_STREAM, "finish_reason.enum"),
    mutant("finish-case", put(FINISH, "STOP", -1), TEXT_STREAM, "finish_reason.enum"),
    mutant("finish-of-another-dialect", put(FINISH, "end_turn", -1), TEXT_STREAM, "finish_reason.enum"),
    mutant("finish-number", put(FINISH, 1, -1), TEXT_STREAM, "finish_reason.enum"),
    mutant(
        "finish-unknown",
        put(FINISH, "tool_use", -1),
        CALL_STREAM,
        "finish_reason.enum",
        "finish_reason.tool_calls_consistency",
    ),
    mutant("finish-stop-after-a-call", put(FINISH, "stop", -1), ENDED_BY_CALLS, "finish_reason.tool_calls_consistency"),
    mutant(
        "finish-tool-calls-without-one",
        put(FINISH, "tool_calls", -1),
        TEXT_STREAM,
        "finish_reason.tool_calls_consistency",
    ),
    mutant("finish-dropped", drop(FINISH), "plain*", "finish_reason.terminal_required"),
    mutant("finish-null", put(FINISH, None), "plain*", "finish_reason.terminal_required"),
    mutant(
        "finish-renamed",
        rename(FINISH, "stop_reason"),
        "plain*",
        "finish_reason.terminal_required",
        "schema.unknown_field",
    ),
    mutant("finish-empty", put(FINISH, ""), "plain* !plain-content-filter", "finish_reason.null_not_empty"),
    mutant("finish-empty", put(FINISH, ""), "plain-content-filter", "finish_reason.null_not_empty", NO_OUTPUT),
    mutant("finish-unknown", put(FINISH, "eos"), TEXT, "finish_reason.enum"),
    mutant("finish-case", put(FINISH, "Stop"), TEXT, "finish_reason.enum"),
    mutant(
        "finish-unknown", put(FINISH, "TOOL_CALLS"), CALL, "finish_reason.enum", "finish_reason.tool_calls_consistency"
    ),
    mutant(
        "finish-stop-after-a-call",
        put(FINISH, "stop"),
        f"{CALL} plain-tool-required",
        "finish_reason.tool_calls_consistency",
    ),
    mutant("finish-tool-calls-without-one", put(FINISH, "tool_calls"), TEXT, "finish_reason.tool_calls_consistency"),
    mutant("finish-twice", insert(-1, piece({}, "stop")), f"{UNMETERED} {FREE_CALLS}", ONCE),
    mutant("finish-twice", insert(-1, piece({}, "stop")), ENDED_BY_CALLS, ONCE, "finish_reason.tool_calls_consistency"),
    mutant("finish-chunk-twice", repeat_event(-2), UNMETERED, ONCE),
    mutant("finish-changes", insert(-1, piece({}, "length")), "stream stream-long stream-tools-unused", ONCE),
    mutant(
        "text-after-finish",
        insert(-1, piece({"content": " More."})),
        "stream stream-long stream-tools-unused stream-tool-none",
        ONCE,
    ),
    mutant("reasoning-after-finish", insert(-1, piece({"reasoning_content": "Hm."})), "stream stream-long", ONCE),
    mutant("finish-chunk-early", move_event(-2, 3), "stream stream-long stream-tools-unused stream-tool-none", ONCE),
    # several choices
    mutant("second-choice-lost", keep(lambda item: item["choices"][0]["index"] == 0), "stream-n", "n.honoured"),
    mutant("second-finish-lost", drop_event(-2), "stream-n", "n.honoured", "stream.truncated_without_finish"),
    mutant(
        "choices-share-an-index", put("/choices/0/index", 0), "stream-n", "n.honoured", ONCE, "delta.role_once_first"
    ),
    mutant("choice-index-skips", edit("/choices/0/index", lambda index: index * 2), "stream-n", "choice.index"),
    mutant("choice-index-starts-at-one", edit("/choices/0/index", lambda index: index + 1), "stream-n", "choice.index"),
    # an error in a stream
    mutant("error-in-the-middle", _fails(FAULT), TEXT_STREAM, "stream.failed_midway"),
    mutant("error-in-a-call", _fails(FAULT), "stream-tool stream-tools-parallel", "stream.failed_midway"),
    mutant("error-at-once", _fails(FAULT, at=0), "stream*", "error.status_nonsuccess"),
    mutant("error-after-the-role", _fails(FAULT, at=1), "stream*", "error.status_nonsuccess"),
    mutant(
        "error-named",
        then(truncate(4), append(b'event: error\ndata: {"error": {"message": "Gone."}}\n\n')),
        TEXT_STREAM,
        "stream.failed_midway",
    ),
    mutant("error-as-text", _fails("overloaded"), TEXT_STREAM, "stream.failed_midway", "stream.error_event_shape"),
    mutant(
        "error-without-a-message",
        _fails({"code": 500}),
        TEXT_STREAM,
        "stream.failed_midway",
        "stream.error_event_shape",
    ),
    mutant(
        "error-then-more-text",
        insert(4, {"error": FAULT}),
        "stream stream-long stream-tools-unused",
        "stream.failed_midway",
        "stream.error_event_shape",
    ),
    mutant("error-as-a-list", _fails([FAULT]), TEXT_STREAM, "stream.failed_midway", "stream.error_event_shape"),
    mutant(
        "only-a-role",
        stream(lambda items: [items[0], items[-1]]),
        UNMETERED + " !stream-n",
        "stream.truncated_without_finish",
    ),
    mutant(
        "empty-choices-only",
        stream(lambda items: [chunk([], prompt_filter_results=[]), items[-1]]),
        UNMETERED,
        "stream.truncated_without_finish",
    ),
]
