"""Questions and answers of recorded exchanges, whatever the dialect; and what tells that a provider browsed by itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.knowledge.grounding.browsing import browsed, may_browse
from conformance.knowledge.grounding.model import Label
from conformance.knowledge.grounding.question import answer_of, question_of
from conformance.wire.case import Case
from conformance.wire.dialects.reply import Chunk, Reply
from conformance.wire.exchange import Exchange, Request, Response
from conformance.wire.rolled import Rolled

URL = "https://weekly.example/essays/the-cold-harbour"
ASK = f"Summarise {URL}."
PAGE = "The harbour froze on 4 February."
CALL = {"id": "c1", "type": "function", "function": {"name": "open_page", "arguments": json.dumps({"url": URL})}}
TOOL = {"type": "function", "function": {"name": "open_page", "parameters": {"type": "object"}}}


def case(path: str, body: Any, answer: Any = None) -> Case:
    request = Request(
        "POST", f"https://api.example.com{path}", {"anthropic-version": "2023-06-01"}, json.dumps(body).encode()
    )
    response = Response(200, {"content-type": "application/json"}, json.dumps(answer or {}).encode())
    return Case(Exchange("x", request, response))


CHAT = "/v1/chat/completions"
REQUESTS = {
    CHAT: {
        "tools": [TOOL],
        "messages": [
            {"role": "user", "content": ASK},
            {"role": "assistant", "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "c1", "content": PAGE},
        ],
    },
    "/v1/messages": {
        "tools": [{"name": "open_page", "input_schema": {"type": "object"}}],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": ASK}]},
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "t", "name": "open_page", "input": {"url": URL}}],
            },
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": PAGE}]},
        ],
    },
    "/v1beta/models/m:generateContent": {
        "tools": [{"functionDeclarations": [{"name": "open_page"}]}],
        "contents": [
            {"role": "user", "parts": [{"text": ASK}]},
            {"role": "model", "parts": [{"functionCall": {"name": "open_page", "args": {"url": URL}}}]},
            {"role": "user", "parts": [{"functionResponse": {"name": "open_page", "response": {"text": PAGE}}}]},
        ],
    },
    "/v1/responses": {
        "tools": [{"type": "function", "name": "open_page", "parameters": {"type": "object"}}],
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": ASK}]},
            {"type": "function_call", "call_id": "c", "name": "open_page", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c", "output": PAGE},
        ],
    },
}


@pytest.mark.parametrize("path", REQUESTS)
def test_the_question_of_every_dialect_is_the_same(path: str) -> None:
    question = question_of(case(path, REQUESTS[path]))
    assert question is not None
    assert (question.prompt, question.url) == (ASK, URL)
    assert question.context.tools == ("open_page",)
    assert [result.content for result in question.context.results] == [PAGE]
    assert question.context.supplied == PAGE


def test_a_prompt_without_a_url_is_no_question() -> None:
    assert question_of(case(CHAT, {"messages": [{"role": "user", "content": "Name a river."}]})) is None


def test_a_follow_up_keeps_the_url_of_the_first_message() -> None:
    messages = [{"role": "user", "content": ASK}, {"role": "user", "content": "Did you open it?"}]
    question = question_of(case(CHAT, {"messages": messages}))
    assert question is not None
    assert question.url == URL
    assert question.prompt.endswith("Did you open it?")


@pytest.mark.parametrize("content", ['{"error": "timed out", "status": 504}', "HTTP 404: not found", ""])
def test_a_tool_that_failed_brought_no_page(content: str) -> None:
    messages = [{"role": "user", "content": ASK}, {"role": "tool", "content": content}]
    question = question_of(case(CHAT, {"messages": messages}))
    assert question is not None
    assert question.context.results[0].failed
    assert question.context.supplied == ""


def test_pasted_text_is_what_the_model_was_given() -> None:
    question = question_of(case(CHAT, {"messages": [{"role": "user", "content": f'{ASK}\n"""\n{PAGE}\n"""'}]}))
    assert question is not None
    assert PAGE in question.context.supplied


def test_the_answer_holds_text_calls_and_refusal() -> None:
    message = {"role": "assistant", "content": None, "tool_calls": [CALL], "refusal": None}
    answered = case(
        CHAT, REQUESTS[CHAT], {"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]}
    )
    answer = answer_of(answered.reply)
    assert answer is not None
    assert [call.name for call in answer.calls] == ["open_page"]
    refused = {"role": "assistant", "content": None, "refusal": "I can't open pages."}
    answer = answer_of(case(CHAT, REQUESTS[CHAT], {"choices": [{"index": 0, "message": refused}]}).reply)
    assert answer is not None
    assert answer.text == "I can't open pages."


def test_an_error_is_no_answer_and_judged_so() -> None:
    from conformance.knowledge.grounding import judge  # noqa: PLC0415 - beside what it is about

    answered = case(CHAT, REQUESTS[CHAT], {"error": {"message": "overloaded"}})
    question, answer = question_of(answered), answer_of(answered.reply)
    assert question is not None
    assert answer is not None
    assert judge(question, answer).label is Label.OTHER


def chat(**message: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": {"role": "assistant", "content": "x", **message}}]}


CITED = {"type": "url_citation", "url_citation": {"url": URL}}
BROWSED = {
    "openai chat": (chat(annotations=[CITED]), (), (URL,)),
    "openai responses": (
        {
            "output": [
                {"type": "web_search_call", "action": {"type": "search", "sources": [{"url": URL}]}},
                {
                    "type": "message",
                    "content": [{"type": "output_text", "annotations": [{"type": "url_citation", "url": URL}]}],
                },
            ]
        },
        (URL,),
        (URL,),
    ),
    "a tool of the provider ran": (
        chat(executed_tools=[{"type": "browser_search", "search_results": {"results": [{"url": URL}]}}]),
        (URL,),
        (),
    ),
    "gemini": (
        {
            "candidates": [
                {
                    "urlContextMetadata": {
                        "urlMetadata": [{"retrievedUrl": URL, "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_SUCCESS"}]
                    }
                }
            ]
        },
        (URL,),
        (),
    ),
    "anthropic": (
        {
            "content": [
                {"type": "server_tool_use", "name": "web_fetch", "input": {}},
                {"type": "web_fetch_tool_result", "content": {"type": "web_fetch_result", "url": URL}},
                {"type": "text", "text": "x", "citations": [{"type": "web_search_result_location", "url": URL}]},
            ]
        },
        (URL,),
        (URL,),
    ),
    "search results beside the answer": ({**chat(), "search_results": [{"url": URL}], "citations": [URL]}, (URL,), ()),
}


@pytest.mark.parametrize("name", BROWSED)
def test_a_provider_that_browsed_is_known_by_its_own_evidence(name: str) -> None:
    body, retrieved, cited = BROWSED[name]
    found = browsed(Reply("chat", streamed=False, chunks=Rolled([Chunk(None, body)])))
    assert found is not None
    assert found == (retrieved, cited)
    assert found.strays == ()


def test_a_page_that_is_cited_and_was_not_retrieved_strays() -> None:
    body = {"output": [{"type": "web_search_call", "action": {"sources": [{"url": URL}]}}]}
    other = {"type": "response.output_text.annotation.added", "annotation": {"url": "https://other.example/x"}}
    found = browsed(Reply("chat", streamed=True, chunks=Rolled([Chunk(0, body), Chunk(1, other)])))
    assert found is not None
    assert found.strays == ("https://other.example/x",)


@pytest.mark.parametrize(
    "body", [chat(), chat(annotations=[]), {"candidates": [{"urlContextMetadata": {}}]}, {"content": "x"}]
)
def test_a_provider_that_says_nothing_of_browsing_did_not_browse(body: dict[str, Any]) -> None:
    assert browsed(Reply("chat", streamed=False, chunks=Rolled([Chunk(None, body)]))) is None


@pytest.mark.parametrize(
    ("body", "may"),
    [
        ({"tools": [{"type": "web_search"}]}, True),
        ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, True),
        ({"tools": [{"url_context": {}}]}, True),
        ({"plugins": [{"id": "web"}]}, True),
        ({"web_search_options": {}}, True),
        ({"tools": [TOOL]}, False),
        ({}, False),
    ],
)
def test_a_request_says_whether_its_provider_may_browse(body: dict[str, Any], may: bool) -> None:  # noqa: FBT001
    assert may_browse(case(CHAT, body).exchange.request) is may
