"""What unseen recordings hold that is legal: each beside the defect that looks like it."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.rules.judging import judge, judge_session
from conformance.rules.views.scrubbed import is_scrubbed
from conformance.wire.case import Case, Session
from conformance.wire.exchange import Exchange, Request, Response, as_body
from tests.native import (
    ANTHROPIC,
    ANTHROPIC_MESSAGE,
    ANTHROPIC_REQUEST,
    CONVERSE,
    CONVERSE_MESSAGE,
    CONVERSE_REQUEST,
    GEMINI,
    GEMINI_ANSWER,
    GEMINI_REQUEST,
    RESPONSE,
    RESPONSES,
    RESPONSES_EVENTS,
    RESPONSES_REQUEST,
    broken,
    judged,
    sse,
)

CHAT = "https://provider.example/v1/chat/completions"
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


OWN_TOOLS = [
    (GEMINI, GEMINI_REQUEST, GEMINI_ANSWER, {"generationConfig": {"maxOutputTokens": 2}}, {"googleSearch": {}}),
    (RESPONSES, RESPONSES_REQUEST, RESPONSE, {"max_output_tokens": 2}, {"type": "web_search"}),
    (ANTHROPIC, ANTHROPIC_REQUEST, ANTHROPIC_MESSAGE, {"max_tokens": 2}, {"type": "web_search_20250305", "name": "web_search"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "request_", "answer", "limit", "tool"), OWN_TOOLS, ids=["gemini", "responses", "messages"]
)
def test_a_limit_holds_for_each_turn_where_the_provider_runs_its_own_tool(
    url: str, request_: dict[str, Any], answer: dict[str, Any], limit: dict[str, Any], tool: dict[str, Any]
) -> None:
    limited = {**request_, **limit}
    declared = {**limited, "tools": [*limited.get("tools", []), tool]}
    assert "max_tokens.honoured" in broken(judged(url, limited, answer))
    assert "max_tokens.honoured" not in broken(judged(url, declared, answer))


@pytest.mark.parametrize("kind", ["bash_20250124", "text_editor_20250728", "computer_20250124", "memory_20250818"])
def test_a_limit_holds_for_the_answer_where_the_client_runs_the_tool(kind: str) -> None:
    request = {**ANTHROPIC_REQUEST, "max_tokens": 2}
    tools = [*ANTHROPIC_REQUEST["tools"], {"type": kind, "name": "own"}]
    assert "max_tokens.honoured" in broken(judged(ANTHROPIC, {**request, "tools": tools}, ANTHROPIC_MESSAGE))


COUNTS = {"inputTokens": 6, "outputTokens": 2, "totalTokens": 108}


@pytest.mark.parametrize(
    ("cached", "breaks"),
    [
        ({"cacheReadInputTokens": 100}, False),
        ({"cacheReadInputTokenCount": 100, "cacheWriteInputTokenCount": 0}, False),
        ({"cacheReadInputTokens": 100, "cacheReadInputTokenCount": 100}, False),
        ({}, True),
        ({"cacheReadInputTokenCount": 50}, True),
    ],
)
def test_cached_tokens_count_once_under_either_name(cached: dict[str, int], breaks: bool) -> None:  # noqa: FBT001
    pytest.importorskip("botocore", reason="the extra [bedrock] is not installed")
    answer = {**CONVERSE_MESSAGE, "usage": {**COUNTS, **cached}}
    assert ("usage.sum" in broken(judged(CONVERSE, CONVERSE_REQUEST, answer))) is breaks


def _exchanged(name: str, url: str, request: Any, answer: Any, status: int = 200, *, method: str = "POST") -> Exchange:
    body = request if isinstance(request, bytes) else as_body(request)
    headers = {"content-type": "application/json"}
    return Exchange(
        id=name,
        request=Request(method, url, headers, body),
        response=Response(status, headers, as_body(answer)),
        evidence="imported",
    )


def _rules(*exchanges: Exchange) -> set[str]:
    cases = tuple(map(Case, exchanges))
    found = [finding for case in cases for finding in judge(case).findings]
    return {finding.rule for finding in [*found, *judge_session(Session(cases)).findings]}


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


LATER = {"type": "function", "name": "look_up", "parameters": {"type": "object", "properties": {}}}


@pytest.mark.parametrize(
    ("item", "declared"),
    [
        ({"type": "additional_tools", "role": "developer", "tools": [LATER]}, True),
        ({"type": "tool_search_output", "call_id": "c", "tools": [{"type": "namespace", "name": "n", "tools": [LATER]}]}, True),
        ({"role": "user", "content": "Use look_up."}, False),
    ],
)  # fmt: skip
def test_a_tool_that_the_input_declares_later_is_declared(item: dict[str, Any], declared: bool) -> None:  # noqa: FBT001
    request = {**RESPONSES_REQUEST, "input": [item, {"role": "user", "content": "Go."}]}
    call = {
        "type": "function_call",
        "id": "fc_9",
        "call_id": "call_9",
        "name": "look_up",
        "arguments": "{}",
        "status": "completed",
    }
    found = broken(judged(RESPONSES, request, {**RESPONSE, "output": [call]}))
    assert ("tool_call.name_declared" in found) is not declared


@pytest.mark.parametrize(("method", "breaks"), [("GET", False), ("POST", True)])
def test_an_answer_that_is_fetched_again_keeps_its_id(method: str, breaks: bool) -> None:  # noqa: FBT001
    first = _exchanged("a", RESPONSES, RESPONSES_REQUEST, RESPONSE)
    again = {**RESPONSES_REQUEST, "input": "And now?"}
    address = RESPONSES if method == "POST" else f"{RESPONSES}/{RESPONSE['id']}"
    second = _exchanged(
        "b", address, again if method == "POST" else b"", {**RESPONSE, "created_at": 1790000000}, method=method
    )
    assert ("envelope.id_unique" in _rules(first, second)) is breaks


CALL = {"id": "call_1", "type": "function", "function": {"name": "get_file", "arguments": "{}"}}
CHAT_TOOL = {"type": "function", "function": {"name": "get_file", "parameters": {"type": "object", "properties": {}}}}


@pytest.mark.parametrize(
    ("content", "breaks"),
    [
        ("A page.", True),
        ([{"type": "text", "text": "A page."}], True),
        ([{"type": "file", "file": {"file_data": "data:application/pdf;base64,JVBERi0="}}], False),
        ([{"type": "image_url", "image_url": {"url": "https://a.example/b.png"}}], False),
    ],
)
def test_a_refused_result_that_holds_a_file_says_nothing_of_results(content: Any, breaks: bool) -> None:  # noqa: FBT001
    asked = {"role": "user", "content": "Get it."}
    made = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    answer = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1790000000,
        "model": "m",
        "choices": [{"index": 0, "message": made, "finish_reason": "tool_calls"}],
    }
    history = [asked, made, {"role": "tool", "tool_call_id": "call_1", "content": content}]
    refusal = {"error": {"message": "extraneous key [tool_result] is not permitted", "type": "invalid_request_error"}}
    first = _exchanged("a", CHAT, {"model": "m", "messages": [asked], "tools": [CHAT_TOOL]}, answer)
    second = _exchanged("b", CHAT, {"model": "m", "messages": history, "tools": [CHAT_TOOL]}, refusal, 400)
    assert ("tool_call.roundtrip_accepted" in _rules(first, second)) is breaks


@pytest.mark.parametrize(
    ("message", "breaks"),
    [
        ("messages[1].reasoning_content is not supported", True),
        ("Invalid field in input[1].summary", True),
        ("messages.7.assistant.reasoning_content: property is unsupported", True),
        ("Invalid file data: 'messages[2].content[0].file_data'. Unsupported type of content", False),
        ("messages.0: unknown role", False),
    ],
)
def test_a_refusal_of_another_turn_says_nothing_of_the_provider_s_own(message: str, breaks: bool) -> None:  # noqa: FBT001
    history = [
        {"role": "user", "content": "Rain?"},
        {"role": "assistant", "content": "Yes.", "reasoning_content": "Look."},
        {"role": "user", "content": "Where?"},
    ]
    refusal = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}
    found = _rules(_exchanged("a", CHAT, {"model": "m", "messages": history}, refusal, 400))
    assert ("reasoning.roundtrip_accepted" in found) is breaks


@pytest.mark.parametrize(
    ("error", "breaks"),
    [
        ({"message": "tool_choice 'required' is not supported", "code": None}, True),
        ({"message": "Tool choice is required, but model did not call a tool", "code": "tool_use_failed"}, False),
        ({"message": "tool_choice: the model's call could not be used", "failed_generation": "maybe"}, False),
    ],
)
def test_a_model_that_does_not_follow_tool_choice_was_asked_in_an_accepted_form(error: Any, breaks: bool) -> None:  # noqa: FBT001
    request = {
        "model": "m",
        "messages": [{"role": "user", "content": "Go."}],
        "tools": [CHAT_TOOL],
        "tool_choice": "required",
    }
    found = _rules(
        _exchanged("a", CHAT, request, {"error": {"type": "invalid_request_error", "param": None, **error}}, 400)
    )
    assert ("tool_choice.forms_accepted" in found) is breaks


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
    assert ("params.invalid_refused" in _rules(_exchanged("a", CHAT, body, answer))) is breaks


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
    refused = _exchanged("a", "https://provider.example/v1/models", b"", error, 401, method="GET")
    assert ("error.envelope_object" in _rules(refused)) is breaks


def test_choices_may_share_the_ids_of_their_calls() -> None:
    made = {"role": "assistant", "content": None, "tool_calls": [CALL]}
    twice = {"role": "assistant", "content": None, "tool_calls": [CALL, CALL]}
    request = {"model": "m", "n": 2, "messages": [{"role": "user", "content": "Go."}], "tools": [CHAT_TOOL]}

    def found(*messages: dict[str, Any]) -> set[str]:
        choices = [
            {"index": index, "message": message, "finish_reason": "tool_calls"}
            for index, message in enumerate(messages)
        ]
        answer = {"id": "c", "object": "chat.completion", "created": 1790000000, "model": "m", "choices": choices}
        return _rules(_exchanged("a", CHAT, request, answer))

    assert "tool_call.id_nonempty" not in found(made, made)
    assert "tool_call.id_nonempty" in found(twice, made)


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
