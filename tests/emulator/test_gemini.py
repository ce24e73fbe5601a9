"""The emulator in gemini: bodies, events, one array, thoughts, calls, limits, counts, pages and refusals, as the API documents them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from stack import NOW, PROVIDERS

from conformance.emulator.app import Emulator
from conformance.providers import parse_target
from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.dialects import DIALECTS
from conformance.wire.exchange import Exchange, Request, Response
from conformance.wire.sentinels import INVALID_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.response import Answered

MODEL = "gemini-3.6-flash"
TARGET = parse_target(f"gemini/{MODEL}@gemini", PROVIDERS)
BASE = "https://generativelanguage.googleapis.com/v1beta/"
WEATHER = {
    "functionDeclarations": [
        {
            "name": "get_weather",
            "description": "Look up the weather of a city",
            "parameters": {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}, "required": ["city"]},
        }
    ]
}
SHOWN = {"thinkingConfig": {"includeThoughts": True, "thinkingLevel": "low"}}


def says(text: str, **config: Any) -> dict[str, Any]:
    asked = {"contents": [{"role": "user", "parts": [{"text": text}]}]}
    return {**asked, "generationConfig": config} if config else asked


def forced(*names: str) -> dict[str, Any]:
    return {
        "toolConfig": {"functionCallingConfig": {"mode": "ANY", **({"allowedFunctionNames": names} if names else {})}}
    }


ASKS: dict[str, dict[str, Any]] = {
    "text": says("Say hello."),
    "system": {"systemInstruction": {"parts": [{"text": "Be short."}]}, **says("Say hello.")},
    "call": {**says("What is the weather in Oslo?"), "tools": [WEATHER]},
    "forced": {**says("Hi"), "tools": [WEATHER], **forced("get_weather")},
    "any": {**says("Hi"), "tools": [WEATHER], **forced()},
    "cut": says("Write a long story.", maxOutputTokens=60, thinkingConfig={"thinkingBudget": 0}),
    "cut in thoughts": says("Write a long story.", maxOutputTokens=3),
    "thoughts": says("Say hello.", **SHOWN),
    "thoughts and a call": {**says("What is the weather in Oslo?", **SHOWN), "tools": [WEATHER]},
    "two": says("Make up a name for a cat.", candidateCount=2, temperature=1),
    "logprobs": says("Say hello.", responseLogprobs=True, logprobs=2),
    "stop": says("Name the days of the week, from Monday on.", stopSequences=["Thursday"]),
    "schema": says(
        "Name a fruit.",
        responseMimeType="application/json",
        responseSchema={"type": "OBJECT", "properties": {"fruit": {"type": "STRING"}}, "required": ["fruit"]},
    ),
}


def request(
    body: Mapping[str, Any], path: str = f"models/{MODEL}:generateContent", key: str = "any", method: str = "POST"
) -> Request:
    headers = {"content-type": "application/json"} | ({"x-goog-api-key": key} if key else {})
    return Request(method, BASE + path, headers, json.dumps(body).encode() if method == "POST" else b"")


@pytest.fixture
def app() -> Emulator:
    return Emulator(TARGET, clock=lambda: NOW)


def got(answered: Answered) -> dict[str, Any]:
    return json.loads(answered.body)  # type: ignore[no-any-return]


def judged(sent: Request, answered: Answered) -> Any:
    response = Response(answered.status, dict(answered.headers), answered.body, "clean")
    return judge(Case(Exchange("x", sent, response)))


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
@pytest.mark.parametrize("method", ["generateContent", "streamGenerateContent?alt=sse", "streamGenerateContent"])
def test_an_answer_breaks_no_rule(app: Emulator, ask: dict[str, Any], method: str) -> None:
    sent = request(ask, f"models/{MODEL}:{method}")
    result = judged(sent, app.answer(sent))
    assert [finding.message for finding in result.findings] == []
    assert len(result.checked) >= 20


@pytest.mark.parametrize("name", [name for name in ASKS if name != "two"])
def test_a_stream_in_either_framing_builds_the_answer_that_a_body_would_be(name: str) -> None:
    def parts(method: str) -> Any:
        sent = request(ASKS[name], f"models/{MODEL}:{method}")
        answered = Emulator(TARGET, clock=lambda: NOW).answer(sent)
        reply = Case(Exchange("x", sent, Response(200, dict(answered.headers), answered.body, "clean"))).reply
        listed = DIALECTS["gemini"].carry_on([], reply)[0]["parts"]
        for part in listed:
            part.pop("thoughtSignature", None)
            part.get("functionCall", {}).pop("id", None)
        return [part for part in listed if part != {"text": ""}], reply.usages[0].value, reply.choices[0].finish_reason

    whole = parts("generateContent")
    assert parts("streamGenerateContent?alt=sse") == whole
    assert parts("streamGenerateContent") == whole


def test_thoughts_are_counted_and_shown_only_where_they_are_asked_for(app: Emulator) -> None:
    hidden, shown = (got(app.answer(request(ASKS[name]))) for name in ("text", "thoughts"))
    assert hidden["usageMetadata"]["thoughtsTokenCount"] > 0
    assert [part.get("thought") for part in hidden["candidates"][0]["content"]["parts"]] == [None]
    assert [part.get("thought") for part in shown["candidates"][0]["content"]["parts"]] == [True, None]
    unthinking = got(app.answer(request(says("Say hello.", thinkingConfig={"thinkingBudget": 0}))))
    assert "thoughtsTokenCount" not in unthinking["usageMetadata"]


def test_a_call_is_signed_and_ends_with_stop(app: Emulator) -> None:
    (candidate,) = got(app.answer(request(ASKS["call"])))["candidates"]
    (part,) = candidate["content"]["parts"]
    assert (part["functionCall"]["name"], part["functionCall"]["args"]) == ("get_weather", {"city": "Oslo"})
    assert part["thoughtSignature"]
    assert candidate["finishReason"] == "STOP"


def test_what_a_function_gave_back_is_the_answer(app: Emulator) -> None:
    call = got(app.answer(request(ASKS["call"])))["candidates"][0]["content"]
    given = {"functionResponse": {"name": "get_weather", "response": {"output": "4 degrees"}}}
    contents = [*ASKS["call"]["contents"], call, {"role": "user", "parts": [given]}]
    answer = got(app.answer(request({**ASKS["call"], "contents": contents})))
    assert "4 degrees" in answer["candidates"][0]["content"]["parts"][0]["text"]
    orphan = got(app.answer(request({**ASKS["call"], "contents": [contents[0], contents[2]]})))
    assert orphan["error"]["status"] == "INVALID_ARGUMENT"
    assert "function response turn" in orphan["error"]["message"]


def test_members_may_be_written_in_snake_case(app: Emulator) -> None:
    snake = {
        "contents": says("Hi")["contents"],
        "tools": [{"function_declarations": WEATHER["functionDeclarations"]}],
        "tool_config": {"function_calling_config": {"mode": "ANY"}},
    }
    (candidate,) = got(app.answer(request(snake)))["candidates"]
    assert "functionCall" in candidate["content"]["parts"][0]


def test_tokens_are_counted_as_they_are_billed(app: Emulator) -> None:
    counted = got(app.answer(request(ASKS["text"], f"models/{MODEL}:countTokens")))
    billed = got(app.answer(request(ASKS["text"])))["usageMetadata"]["promptTokenCount"]
    assert counted["totalTokens"] == billed
    whole = {"generateContentRequest": {"model": f"models/{MODEL}", **ASKS["system"]}}
    assert got(app.answer(request(whole, f"models/{MODEL}:countTokens")))["totalTokens"] > billed


def test_models_are_listed_in_pages(app: Emulator) -> None:
    first = got(app.answer(request({}, "models?pageSize=1", method="GET")))
    assert [entry["name"] for entry in first["models"]] == [f"models/{MODEL}"]
    rest = got(app.answer(request({}, f"models?pageToken={first['nextPageToken']}", method="GET")))
    assert rest["models"]
    assert "nextPageToken" not in rest
    assert got(app.answer(request({}, f"models/{MODEL}", method="GET"))) == first["models"][0]


@pytest.mark.parametrize(
    ("sent", "status", "name"),
    [
        (request(ASKS["text"], key=INVALID_KEY), 400, "INVALID_ARGUMENT"),
        (request(ASKS["text"], key=""), 403, "PERMISSION_DENIED"),
        (request(ASKS["text"], "models/no-such:generateContent"), 404, "NOT_FOUND"),
        (request(ASKS["text"], "models/no-such:streamGenerateContent?alt=sse"), 404, "NOT_FOUND"),
        (request(ASKS["text"], f"models/{MODEL}:paint"), 404, "NOT_FOUND"),
        (request({**ASKS["text"], "nonsense": 1}), 400, "INVALID_ARGUMENT"),
        (request(says("Hi", temperature=9)), 400, "INVALID_ARGUMENT"),
        (request({"contents": []}), 400, "INVALID_ARGUMENT"),
        (request({**ASKS["text"], "tools": [WEATHER], **forced("paint")}), 400, "INVALID_ARGUMENT"),
    ],
)
def test_what_cannot_be_answered_is_refused_as_google_refuses_it(
    app: Emulator, sent: Request, status: int, name: str
) -> None:
    answered = app.answer(sent)
    error = got(answered)["error"]
    assert (answered.status, error["code"], error["status"]) == (status, status, name)
    streamed = "streamGenerateContent" in sent.url
    assert answered.headers["content-type"].startswith("text/event-stream" if streamed else "application/json")


def test_a_wrong_key_says_so_in_its_details(app: Emulator) -> None:
    details = got(app.answer(request(ASKS["text"], key=INVALID_KEY)))["error"]["details"]
    assert details[0]["reason"] == "API_KEY_INVALID"


@pytest.mark.parametrize(("version", "status"), [("v1beta", 200), ("v1", 200), ("v2", 404)])
def test_both_versions_of_the_path_are_answered(app: Emulator, version: str, status: int) -> None:
    sent = request(ASKS["text"])
    assert "/v1beta/" in sent.url
    assert app.answer(replace(sent, url=sent.url.replace("/v1beta/", f"/{version}/"))).status == status


def test_the_compatible_endpoint_of_the_same_server_answers_in_its_own_words(app: Emulator) -> None:
    body = json.dumps({"model": MODEL, "messages": [{"role": "user", "content": "Say hello."}]}).encode()
    sent = Request("POST", f"{BASE}openai/chat/completions", {"authorization": "Bearer any"}, body)
    assert got(app.answer(sent))["object"] == "chat.completion"


def test_vertex_names_the_project_in_the_path_and_takes_a_bearer_token() -> None:
    target = parse_target("vertex/gemini-3.5-flash", PROVIDERS)
    app = Emulator(target, clock=lambda: NOW)
    url = f"{target.base_url}/models/gemini-3.5-flash:generateContent"
    body = json.dumps(ASKS["text"]).encode()
    answer = got(app.answer(Request("POST", url, {"authorization": "Bearer any"}, body)))
    assert answer["usageMetadata"]["trafficType"] == "ON_DEMAND"
    assert app.answer(Request("POST", url, {"x-goog-api-key": "any"}, body)).status == 401
