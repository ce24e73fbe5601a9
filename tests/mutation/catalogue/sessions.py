"""Several exchanges: twins that differ, ids that come again, round trips that are refused, listings that leave a model out."""

from __future__ import annotations

from tests.mutation.event_operators import text
from tests.mutation.mutant import mutant
from tests.mutation.operators import drop, edit, put, sent, status, then
from tests.mutation.wire import dumped

TWINS = "stream.parity_with_nonstream"
FINISH = "/choices/0/finish_reason"
REFUSAL = {
    "error": {
        "message": "messages: tool_call_id was not found.",
        "type": "invalid_request_error",
        "param": None,
        "code": None,
    }
}

MUTANTS = [
    mutant("twin-says-another-thing", text("The Seine is the longest river."), "session-twins", TWINS),
    mutant(
        "twin-loses-its-last-word",
        edit("/choices/0/delta/content", lambda said: said.replace(".", "!")),
        "session-twins",
        TWINS,
    ),
    mutant("twin-ends-otherwise", put(FINISH, "length", -1), "session-twins", TWINS),
    mutant(
        "twin-calls-another-tool",
        put("/choices/0/delta/tool_calls/0/function/name", "clock", 0),
        "session-twins-tool",
        TWINS,
    ),
    mutant(
        "twin-calls-otherwise",
        edit("/choices/0/delta/tool_calls/0/function/arguments", lambda part: part.replace("ntes", "ncy")),
        "session-twins-tool",
        TWINS,
    ),
    mutant(
        "twin-calls-nothing",
        then(
            drop("/choices/0/delta/tool_calls"),
            put("/choices/0/delta", {"content": "Rain."}, 2),
            put(FINISH, "stop", -1),
        ),
        "session-twins-tool",
        TWINS,
    ),
    mutant("plain-twin-says-another-thing", text("The Seine."), "session-twins", TWINS, exchange=0),
    mutant("seed-ignored", text("The Garonne."), "session-seeded", "params.seed_repeats"),
    mutant(
        "id-of-the-answer-before",
        put("/id", "chatcmpl-r7Qx"),
        "session-twins session-twins-tool session-twins-warm session-round-trip",
        "envelope.id_unique",
    ),
    mutant(
        "round-trip-refused",
        then(status(400), sent(dumped(REFUSAL), "application/json")),
        "session-round-trip session-round-trip-stream",
        "tool_call.roundtrip_accepted",
    ),
    mutant(
        "round-trip-fails",
        then(status(500), sent(dumped(REFUSAL), "application/json")),
        "session-round-trip session-round-trip-stream",
        "tool_call.roundtrip_accepted",
        "error.status_class",
    ),
    mutant(
        "listing-leaves-the-model-out", drop("/data/0"), "session-catalogue", "model.lifecycle_catalogue", exchange=0
    ),
    mutant(
        "listing-knows-another-name",
        put("/data/0/id", "aurora-3"),
        "session-catalogue",
        "model.lifecycle_catalogue",
        exchange=0,
    ),
]
