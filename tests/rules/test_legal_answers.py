"""Answers in rare forms that are legal: each beside the defect that looks like it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.native import (
    ANTHROPIC,
    ANTHROPIC_MESSAGE,
    ANTHROPIC_REQUEST,
    RESPONSE,
    RESPONSES,
    RESPONSES_REQUEST,
    broken,
    judged,
    sse,
)
from tests.rules.exchanged import CHAT, exchanged, rules_of


def test_twelve_items_are_compared_in_the_order_of_their_numbers() -> None:
    items = [{"id": f"rs_{number}", "type": "reasoning", "summary": [], "status": "completed"} for number in range(11)]
    items.append(
        {
            "id": "msg_1",
            "type": "message",
            "status": "completed",
            "role": "assistant",
            "content": [{"type": "output_text", "text": "Rain.", "annotations": [], "logprobs": []}],
        }
    )
    begun = {**RESPONSE, "status": "in_progress", "output": []}
    events: list[dict[str, Any]] = [{"type": "response.created", "response": begun}]
    for number, item in enumerate(items):
        opened = {**item, "status": "in_progress"}
        events.append({"type": "response.output_item.added", "output_index": number, "item": opened})
        events.append({"type": "response.output_item.done", "output_index": number, "item": item})

    def ended(output: list[dict[str, Any]]) -> set[str]:
        whole = [*events, {"type": "response.completed", "response": {**RESPONSE, "output": output}}]
        numbered = [{**event, "sequence_number": number} for number, event in enumerate(whole)]
        return broken(judged(RESPONSES, {**RESPONSES_REQUEST, "stream": True}, sse(numbered)))

    assert "responses.final_matches_items" not in ended(items)
    assert "responses.final_matches_items" in ended([items[0], items[10], *items[1:10], items[11]])


@pytest.mark.parametrize(
    ("prompt", "breaks"),
    [
        ("Respond to this question with only two blank lines.", False),
        ("Answer with nothing but whitespace.", False),
        ("Print just newlines.", False),
        ("Once the result is there, you must end the turn with no content.", False),
        ("End the game with no regrets, and say who won.", True),
        ("Separate the two answers by a blank line.", True),
        ("Explain what whitespace is.", True),
    ],
)
def test_white_space_that_was_asked_for_is_an_answer(prompt: str, breaks: bool) -> None:  # noqa: FBT001
    request = {"model": "m", "max_tokens": 99, "messages": [{"role": "user", "content": prompt}]}
    answer = {**ANTHROPIC_MESSAGE, "content": [{"type": "text", "text": " \n"}], "stop_reason": "end_turn"}
    assert ("content.nonempty_completion" in broken(judged(ANTHROPIC, request, answer))) is breaks


@pytest.mark.parametrize(("more", "breaks"), [({"request_id": None}, False), ({}, True)])
def test_a_listing_that_anthropic_refuses_is_refused_in_its_own_words(more: dict[str, Any], breaks: bool) -> None:  # noqa: FBT001
    error = {"type": "error", "error": {"type": "authentication_error", "message": "API key is invalid."}, **more}
    refused = exchanged("a", "https://provider.example/v1/models", b"", error, 401, method="GET")
    assert ("error.envelope_object" in rules_of(refused)) is breaks


def test_spaces_behind_the_end_of_a_stream_are_part_of_it() -> None:
    chunk = {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 1790000000,
        "model": "m",
        "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
    }
    request = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Hi"}]}
    text = sse([chunk], named=False)
    clean = broken(judged(CHAT, request, f"{text}data: [DONE]  \n\n"))
    assert not clean & {"sse.payload_json", "sse.done_terminator"}
    assert "sse.payload_json" in broken(judged(CHAT, request, f"{text}data: [DONE] really\n\n"))


BY_CODE = {"type": "code_execution_20250825", "tool_id": "srvtoolu_1"}


def _whole_start(caller: dict[str, Any], *, reason: str | None = "tool_use") -> list[dict[str, Any]]:
    call = {"type": "tool_use", "id": "toolu_7", "name": "get_weather", "input": {"city": "Paris"}, "caller": caller}
    usage = {"input_tokens": 0, "output_tokens": 0}
    message = {**ANTHROPIC_MESSAGE, "content": [call], "stop_reason": reason, "usage": usage}
    return [{"type": "message_start", "message": message}, {"type": "message_stop"}]


WHOLE = {
    "anthropic.event_sequence",
    "anthropic.stop_reason_null_before_end",
    "anthropic.usage_nonzero",
    "stream.truncated_without_finish",
}


def test_a_call_that_running_code_makes_comes_whole_and_uncounted() -> None:
    request = {**ANTHROPIC_REQUEST, "stream": True}
    assert not broken(judged(ANTHROPIC, request, sse(_whole_start(BY_CODE)))) & WHOLE
    plain = {**_whole_start(BY_CODE)[0]["message"]}
    assert "anthropic.usage_nonzero" not in broken(judged(ANTHROPIC, ANTHROPIC_REQUEST, plain))


def test_a_call_of_the_model_s_own_has_counts_deltas_and_an_end() -> None:
    request = {**ANTHROPIC_REQUEST, "stream": True}
    own = broken(judged(ANTHROPIC, request, sse(_whole_start({"type": "direct"}))))
    assert own >= {"anthropic.stop_reason_null_before_end", "anthropic.usage_nonzero"}
    unended = broken(judged(ANTHROPIC, request, sse(_whole_start(BY_CODE, reason=None))))
    assert unended >= {"anthropic.event_sequence", "stream.truncated_without_finish"}
    block = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    start, stop = _whole_start(BY_CODE)
    more = [start, block, {"type": "content_block_stop", "index": 0}, stop]
    assert "anthropic.event_sequence" in broken(judged(ANTHROPIC, request, sse(more)))


@pytest.mark.parametrize(
    ("path", "listed", "owed"),
    [
        ("/v1/models", [{"id": "m", "object": "model"}], True),
        ("/v1/models", ["m", "n"], True),
        ("/openai/models", [{"id": "m"}], True),
        ("/v1beta/openai/models", [{"id": "m"}], True),
        ("/catalog/models", [{"id": "m", "object": "model"}], True),
        ("/api/models", [{"id": "org/m", "likes": 3}], False),
        ("/models", ["flux", "turbo"], False),
        ("/generate/text/models", [{"name": "m", "aliases": []}], False),
    ],
)
def test_a_hub_s_own_list_is_no_listing_of_the_api(path: str, listed: list[Any], owed: bool) -> None:  # noqa: FBT001
    made = exchanged("a", f"https://hub.example{path}", b"", listed, method="GET")
    assert ("model.list_envelope" in rules_of(made)) is owed


REQUEST = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Hi"}]}
TOO_LONG = {
    "error": {"message": "Context size has been exceeded.", "type": "server_error", "param": None, "code": None}
}


@pytest.mark.parametrize(("words", "breaks"), [("Hi", False), (None, True)])
def test_an_answer_that_outgrows_the_context_had_a_prompt_that_fits(words: str | None, breaks: bool) -> None:  # noqa: FBT001
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1790000000, "model": "m"}
    delta = {"index": 0, "delta": {"role": "assistant", "content": words}, "finish_reason": None}
    begun = [{**chunk, "choices": [delta]}] if words else []
    found = broken(judged(CHAT, REQUEST, sse([*begun, TOO_LONG], named=False)))
    assert ("error.context_length_code" in found) is breaks


@pytest.mark.parametrize(
    ("body", "breaks"),
    [
        ({"error": {"message": "'city'", "type": "server_error"}}, True),
        ({"detail": "'city'"}, True),
        ({"detail": [{"msg": "'city'"}]}, True),
        (
            {
                "detail": [
                    {"msg": "Input should be 'function'", "ctx": {"expected": "'function'"}, "input": "web_search"}
                ]
            },
            False,
        ),
        ({"error": {"message": "unknown tool", "param": "'tools'"}}, False),
    ],
)
def test_a_quoted_name_is_an_exception_where_it_is_the_message(body: dict[str, Any], breaks: bool) -> None:  # noqa: FBT001
    request = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    assert ("error.no_internals" in rules_of(exchanged("a", CHAT, request, body, 422))) is breaks


def _called(caller: dict[str, Any] | None, *, tokens: int = 0) -> dict[str, Any]:
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "get_weather", "arguments": "{}"}
    item = {**call, "status": "in_progress", **({"caller": caller} if caller else {})}
    usage = {**RESPONSE["usage"], "input_tokens": tokens, "output_tokens": 0, "total_tokens": tokens}
    return {**RESPONSE, "status": "completed", "output": [item], "usage": usage}


@pytest.mark.parametrize(
    ("caller", "breaks"),
    [
        ({"type": "program", "caller_id": "call_9"}, False),
        ({"type": "code_interpreter"}, False),
        ({"type": "direct"}, True),
        (None, True),
    ],
)
def test_a_running_program_waits_for_its_call_in_the_middle_of_a_response(caller: Any, breaks: bool) -> None:  # noqa: FBT001
    found = broken(judged(RESPONSES, RESPONSES_REQUEST, _called(caller)))
    assert found & {"responses.items_completed", "responses.usage_present"} == (
        {"responses.items_completed", "responses.usage_present"} if breaks else set()
    )


@pytest.mark.parametrize(
    ("roles", "breaks"),
    [
        (["assistant", None, None], False),
        (["assistant", "assistant", None], False),
        ([None, "assistant", None], True),
        ([None, None, None], True),
        (["assistant", "", None], True),
        (["assistant", "user", None], True),
    ],
)
def test_a_null_behind_the_role_says_nothing_new(roles: list[str | None], breaks: bool) -> None:  # noqa: FBT001
    base = {"id": "c", "object": "chat.completion.chunk", "created": 1790000000, "model": "m"}
    chunks = [
        {**base, "choices": [{"index": 0, "delta": {"role": role, "content": "Hi"}, "finish_reason": None}]}
        for role in roles
    ]
    assert ("delta.role_enum" in broken(judged(CHAT, REQUEST, sse(chunks, named=False)))) is breaks
