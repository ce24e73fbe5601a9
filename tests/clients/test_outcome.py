"""What becomes of an answer in a client's hands: the four words, and what each takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.emulator.clients.outcome import Outcome, judge
from conformance.wire.exchange import Exchange, Request, Response

CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
USAGE = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}


def sent(
    message: dict[str, Any] | None = None, *, status: int = 200, body: Any = None, finish: str = "stop"
) -> Exchange:
    choice = {"index": 0, "message": {"role": "assistant", "content": "Hi", **(message or {})}, "finish_reason": finish}
    whole = {"object": "chat.completion", "choices": [choice], "usage": USAGE}
    data = json.dumps(body if body is not None else whole).encode()
    asked = Request("POST", "http://x/v1/chat/completions", {}, b"{}")
    return Exchange("x", asked, Response(status, {"content-type": "application/json"}, data, "clean"))


def returned(text: Any = "Hi", calls: Any = (), usage: Any = USAGE, finish: Any = "stop") -> dict[str, Any]:
    choice = {"text": text, "reasoning": None, "tool_calls": list(calls), "finish_reason": finish}
    return {"outcome": "returned", "choices": [choice], "usage": usage}


def raised(status: int | None = None) -> dict[str, Any]:
    return {"outcome": "raised", "exception": "sdk.Error", "status": status, "code": None, "message": "no"}


def words(result: dict[str, Any] | None, exchange: Exchange | None, *compare: Any) -> Outcome:
    return judge(result, exchange, compare, within=1.0)


def test_equal_data_is_right() -> None:
    assert words(returned(), sent(), "text", "finish_reason", "usage", "tool_calls").word == "right"


@pytest.mark.parametrize(
    ("reason", "known", "word"),
    [
        (None, "stop", "right"),
        (None, "length", "silent"),
        (None, None, "silent"),
        ("stop", "length", "right"),
        ("length", "stop", "silent"),
    ],
)
def test_a_finish_reason_is_compared_by_its_class_only_where_the_client_has_no_other(
    reason: str | None, known: str | None, word: str
) -> None:
    result = returned(finish=reason)
    result["choices"][0]["finish_class"] = known
    assert words(result, sent(), "finish_reason").word == word


@pytest.mark.parametrize(("total", "word"), [(3, "right"), (None, "right"), (4, "silent")])
def test_a_total_that_was_not_sent_may_be_added_up_and_only_rightly(total: int | None, word: str) -> None:
    body = {"object": "chat.completion", "choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}
    assert words(returned(usage={**USAGE, "total_tokens": total}), sent(body=body), "usage").word == word


def test_nothing_and_an_empty_text_are_the_same() -> None:
    assert words(returned(None), sent({"content": ""}), "text").word == "right"


@pytest.mark.parametrize(
    ("result", "part"),
    [
        (returned("H"), "text"),
        (returned(["Hi"]), "text"),
        (returned(finish=None), "finish_reason"),
        (returned(usage=None), "usage"),
        (returned(usage={**USAGE, "total_tokens": 6}), "usage"),
        (returned(calls=[{"id": "x", "name": "f", "arguments": {}}]), "tool_calls"),
        ({"outcome": "returned", "choices": [], "usage": None}, "text"),
    ],
)
def test_other_data_without_an_exception_is_silent(result: dict[str, Any], part: str) -> None:
    outcome = words(result, sent(), part)
    assert outcome.word == "silent"
    assert outcome.why.startswith(part)
    assert "sent was" in outcome.why
    assert not outcome.survived


@pytest.mark.parametrize("arguments", ['{"a": 1}', '{"a":1}', {"a": 1}])
def test_parsed_and_unparsed_arguments_are_the_same(arguments: Any) -> None:
    exchange = sent({"content": None, "tool_calls": [CALL]}, finish="tool_calls")
    assert (
        words(returned(None, [{"id": "call_1", "name": "f", "arguments": arguments}]), exchange, "tool_calls").word
        == "right"
    )


def test_an_id_that_was_not_sent_is_wrong_data() -> None:
    exchange = sent({"content": None, "tool_calls": [{**CALL, "id": None}]})
    made_up = returned(None, [{"id": "call_made_up", "name": "f", "arguments": {"a": 1}}])
    assert words(made_up, exchange, "tool_calls").word == "silent"


@pytest.mark.parametrize(("given", "word"), [(None, "right"), ("made-up", "silent")])
def test_only_a_call_that_needs_no_id_may_be_given_one(given: str | None, word: str) -> None:
    """Of two calls of Gemini the first has no id, the second one that was sent."""
    calls = [{"functionCall": {"name": "f", "args": {}}}, {"functionCall": {"name": "g", "args": {}, "id": "sent"}}]
    body = {"candidates": [{"index": 0, "content": {"role": "model", "parts": calls}, "finishReason": "STOP"}]}
    request = Request("POST", "http://x/v1beta/models/m:generateContent", {}, b"{}")
    exchange = Exchange(
        "x", request, Response(200, {"content-type": "application/json"}, json.dumps(body).encode(), "clean")
    )
    own = {"id": "of the client", "name": "f", "arguments": {}}
    result = returned(None, [own, {"id": given or "sent", "name": "g", "arguments": {}}])
    assert words(result, exchange, "tool_calls").word == word


@pytest.mark.parametrize(
    ("text", "own_tools", "word"),
    [('{"a":1}', True, "right"), ('{"a": 2}', True, "silent"), ("", True, "silent"), ('{"a": 1}', False, "silent")],
)
def test_a_text_may_repeat_the_call_of_a_tool_that_the_client_made_up(text: str, *, own_tools: bool, word: str) -> None:
    exchange = sent({"content": None, "tool_calls": [CALL]}, finish="tool_calls")
    outcome = judge(returned(text), exchange, ("text", "tool_calls"), within=1.0, own_tools=own_tools)
    assert outcome.word == word


def test_under_a_fault_a_client_can_tell_only_the_status_that_came() -> None:
    whole, broken = sent(status=422, body=ERROR), sent(status=400, body="no")
    assert judge(raised(400), whole, ("error",), within=1.0, broken=broken).word == "right"
    assert judge(raised(422), whole, ("error",), within=1.0, broken=broken).word == "raised"
    assert judge(raised(), whole, ("error",), within=1.0, broken=sent(body=ERROR)).word == "raised", (
        "a 200 tells nothing"
    )
    assert judge(returned(), whole, ("error",), within=1.0, broken=sent()).word == "silent"


def test_an_exception_for_a_good_answer_raises() -> None:
    outcome = words(raised(), sent(), "text")
    assert (outcome.word, outcome.exception, outcome.why) == ("raised", "sdk.Error", "sdk.Error: no")
    assert outcome.survived


def test_no_result_is_hung() -> None:
    assert words(None, sent(), "text") == Outcome("hung", "no result within 1 s")


ERROR = {"error": {"message": "no", "type": "t", "code": "c"}}


def test_an_error_is_right_only_when_its_status_is_told() -> None:
    assert words(raised(401), sent(status=401, body=ERROR), "error").word == "right"
    lost = words(raised(), sent(status=401, body=ERROR), "error")
    assert lost.word == "raised"
    assert "401 is lost" in lost.why


def test_an_error_that_is_returned_is_silent() -> None:
    assert words(returned(), sent(status=401, body=ERROR), "error").word == "silent"


def test_a_provider_that_sends_no_error_cannot_show_how_it_is_told() -> None:
    assert words(returned(), sent(), "error").word == "n/a"


def test_a_request_that_the_provider_refuses_is_not_right() -> None:
    assert words(raised(400), sent(status=400, body=ERROR), "text").word == "raised"


def test_usage_that_was_not_sent_is_no_loss() -> None:
    bare = sent(body={"object": "chat.completion", "choices": []})
    assert words(returned(usage=None), bare, "usage").word == "n/a"


def test_a_client_that_never_asks_says_so() -> None:
    outcome = words(raised(), None, "text")
    assert (outcome.word, outcome.why) == ("raised", "before it asked: sdk.Error: no")
    assert words(returned(), None, "text").word == "silent"
