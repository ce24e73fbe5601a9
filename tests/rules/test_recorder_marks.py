"""What recorders write over, cut or keep twice is no break: each beside the loss that looks like it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from conformance.rules.views.scrubbed import is_scrubbed
from tests.native import RESPONSE, RESPONSES, RESPONSES_EVENTS, RESPONSES_REQUEST, broken, judged, sse
from tests.rules.exchanged import CHAT, exchanged, rules_of

FOLDER = '{"cwd":"/home/ci/build/app","depth":2}'


@pytest.mark.parametrize(
    ("wire", "stored"),
    [
        (FOLDER, '{"cwd":".","depth":2}'),
        (FOLDER, '{"cwd":"<PROJECT_ROOT>","depth":2}'),
        (FOLDER, '{"cwd":"/home/[USER]/build/app","depth":2}'),
        ('{"cwd":"C:\\\\Users\\\\ci\\\\app"}', '{"cwd":"."}'),
        ("write to ana@b.example today", "write to [EMAIL] today"),
        ("the key is sk-abcdef", "the key is ********"),
        ("the key is sk-abcdef", "the key is REDACTED"),
    ],
)
def test_a_value_that_a_recorder_wrote_over_is_no_difference(wire: str, stored: str) -> None:
    assert is_scrubbed(wire, stored)


@pytest.mark.parametrize(
    ("wire", "stored"),
    [
        (FOLDER, '{"cwd":"/home/ci/build/api","depth":2}'),
        (FOLDER, '{"cwd":"","depth":'),
        (FOLDER, "{}"),
        ("Hello there, Ana", "Hello there"),
        ("Hello there", "Hello there."),
        ("either and/or both", "either . both"),
        ("one [a] two", "one [a] two [b]"),
        ("It is 4.", "It is 5."),
    ],
)
def test_a_lost_or_another_text_is_a_difference(wire: str, stored: str) -> None:
    assert not is_scrubbed(wire, stored)


@pytest.mark.parametrize("tail", ["/srv/data/app", "s/srv"])
def test_done_arguments_are_excused_where_a_folder_was_written_over_only(tail: str) -> None:
    events = [dict(event) for event in RESPONSES_EVENTS]
    deltas = [event for event in events if event["type"] == "response.function_call_arguments.delta"]
    for delta in deltas:
        delta["delta"] = ""
    deltas[0]["delta"] = f'{{"city": "{tail}"}}'
    found = broken(
        judged(RESPONSES, {**RESPONSES_REQUEST, "stream": True}, sse(_with_arguments(events, '{"city": "."}')))
    )
    assert ("responses.deltas_match_done" in found) is (tail == "s/srv")


def _with_arguments(events: list[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    return [
        {**event, "arguments": text} if event["type"] == "response.function_call_arguments.done" else event
        for event in events
    ]


@pytest.mark.parametrize(("method", "breaks"), [("GET", False), ("POST", True)])
def test_an_answer_that_is_fetched_again_keeps_its_id(method: str, breaks: bool) -> None:  # noqa: FBT001
    first = exchanged("a", RESPONSES, RESPONSES_REQUEST, RESPONSE)
    again = {**RESPONSES_REQUEST, "input": "And now?"}
    address = RESPONSES if method == "POST" else f"{RESPONSES}/{RESPONSE['id']}"
    second = exchanged(
        "b", address, again if method == "POST" else b"", {**RESPONSE, "created_at": 1790000000}, method=method
    )
    assert ("envelope.id_unique" in rules_of(first, second)) is breaks


@pytest.mark.parametrize(
    ("body", "breaks"),
    [
        (b'{"model": "m", "messages": [{"role": "user", "content": "Rain', False),
        (b'{"model": "m", "messages": [{"role": "user", "content": "Rain"}]', False),
        (b"", False),
        (b"{'model': 'm', 'messages': []}", True),
        (b'["Rain"]', True),
    ],
)
def test_a_body_that_a_recorder_cut_is_no_wrong_request(body: bytes, breaks: bool) -> None:  # noqa: FBT001
    message = {"role": "assistant", "content": "Yes.", "refusal": None}
    answer = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1790000000,
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
    }
    assert ("params.invalid_refused" in rules_of(exchanged("a", CHAT, body, answer))) is breaks


CACHED = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1790000000,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Rain."}, "finish_reason": "stop"}],
}


@pytest.mark.parametrize(
    ("asked", "answer", "breaks"),
    [
        ("Rain?", CACHED, False),
        ("Rain?", {**CACHED, "created": 1790000009}, True),
        ("And tomorrow?", CACHED, True),
        ("Rain?", {**CACHED, "model": "n"}, True),
    ],
)
def test_an_answer_that_a_cache_gives_again_keeps_its_id(asked: str, answer: dict[str, Any], breaks: bool) -> None:  # noqa: FBT001
    def sent(name: str, words: str, body: dict[str, Any]) -> Any:
        made = exchanged(name, CHAT, {"model": "m", "messages": [{"role": "user", "content": words}]}, body)
        return replace(made, response=replace(made.response, headers={**made.response.headers, "x-request-id": name}))

    assert ("envelope.id_unique" in rules_of(sent("a", "Rain?", CACHED), sent("b", asked, answer))) is breaks


@pytest.mark.parametrize(
    ("url", "breaks"),
    [("/v1/chat/completions", False), (CHAT, True), ("http://127.0.0.1:8080/v1/chat/completions", True)],
)
def test_a_request_that_a_log_holds_without_its_address_may_not_be_what_was_sent(url: str, breaks: bool) -> None:  # noqa: FBT001
    request = {"model": "m", "messages": [{"role": "user", "content": "Rain?"}], "seed": ""}
    assert ("params.invalid_refused" in rules_of(exchanged("a", url, request, CACHED))) is breaks
