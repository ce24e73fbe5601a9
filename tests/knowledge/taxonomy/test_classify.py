"""Every way to fail has one word, told from what an error says of itself; what says nothing is unknown, and nothing raises."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.knowledge.taxonomy import CLASSES, UNKNOWN, ErrorClass, classify
from conformance.knowledge.taxonomy.classifying import MATCHERS
from conformance.providers import load_providers
from conformance.schemas import load_schema
from conformance.wire.exchange import Exchange, Request, Response

CHAT = Request("POST", "https://api.example.com/v1/chat/completions", {}, b'{"messages": []}')


def told(
    body: Any,
    status: int | None = 400,
    *,
    kind: str = "application/json",
    request: Request = CHAT,
    dialect: str | None = None,
    **headers: str,
) -> ErrorClass:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"content-type": kind} | {name.replace("_", "-"): value for name, value in headers.items()}
    found = classify(Exchange("x", request, Response(status, fields, content), dialect=dialect))
    assert found is not None
    return found


def error(message: str, **members: Any) -> dict[str, Any]:
    return {"error": {"message": message, **members}}


def test_the_words_are_those_of_the_providers_files() -> None:
    words = load_schema("provider")["$defs"]["error_case"]["properties"]["when"]["enum"]
    assert sorted(words) == sorted(CLASSES)


def test_every_matcher_names_a_class_and_every_class_but_one_has_a_matcher() -> None:
    named = {matcher.word for matcher in MATCHERS}
    assert named <= set(CLASSES)
    assert set(CLASSES) - named == {"stream_error"}


CASES: list[tuple[str, Any, int]] = [
    ("bad_key", error("The key abc is not known.", code="invalid_api_key"), 401),
    ("bad_key", error("Your API key is not valid here.", code=400, status="INVALID_ARGUMENT"), 400),
    ("bad_key", {"detail": "Invalid token"}, 401),
    ("no_key", {"message": "Missing API key"}, 401),
    ("no_key", {"detail": "Not authenticated"}, 403),
    ("no_permission", error("This key may not do that.", code="permission_denied"), 403),
    ("unknown_model", error("The model `abc-1` does not exist.", code="model_not_found"), 404),
    ("unknown_model", {"error": "model 'abc:1b' not found"}, 404),
    ("unknown_model", {"type": "error", "error": {"type": "not_found_error", "message": "model: abc-1"}}, 404),
    ("retired_model", error("The model abc-1 was deprecated in May and is no longer available.", code="model_not_found"), 404),
    ("not_found", error("No file has the id file-1: not found", type="not_found_error"), 404),
    ("unsupported_feature", error("abc-1 does not support images."), 400),
    ("malformed_body", error("We could not parse the JSON body of your request."), 400),
    ("wrong_media_type", error("Send JSON.", type="unsupported_media_type"), 415),
    ("unknown_parameter", {"detail": [{"type": "extra_forbidden", "loc": ["body", "topk"], "msg": "Extra inputs are not permitted"}]}, 422),
    ("bad_parameter", {"detail": [{"type": "missing", "loc": ["body", "messages"], "msg": "Field required"}]}, 422),
    ("bad_parameter", error("temperature must be at most 2"), 400),
    ("invalid_request", error("No.", type="invalid_request_error"), 400),
    ("unprocessable", error("No."), 422),
    ("context_too_long", error("The prompt is too long: 9000 tokens where the maximum context is 8192."), 400),
    ("request_too_large", error("Slow down on tokens: Limit 6000, Requested 12328", code="rate_limit_exceeded"), 429),
    ("moderated", error("The prompt was flagged by moderation.", code="content_filter"), 400),
    ("rate_limited", error("Slow down.", code="rate_limit_exceeded"), 429),
    ("quota_exhausted", error("You exceeded your current quota.", code="insufficient_quota"), 429),
    ("no_credit", error("Your credit balance is too low."), 402),
    ("spend_cap", error("The spending limit of this project is reached."), 400),
    ("overloaded", {"type": "error", "error": {"type": "overloaded_error", "message": "Try later"}}, 529),
    ("queue_full", error("Wait.", type="too_many_requests_error", code="queue_exceeded"), 429),
    ("capacity", error("Flex is full.", code="capacity_exceeded"), 498),
    ("loading", error("Loading model", code=503, type="unavailable_error"), 503),
    ("timeout", error("The request timed out."), 504),
    ("cancelled", b"", 499),
    ("bad_gateway", error("The upstream hung up.", code=502), 502),
    ("dependency_failed", error("The remote tool refused us."), 424),
    ("invalid_output", error("The call did not fit.", failed_generation="{"), 400),
    ("unavailable", error("Try again."), 503),
    ("server_error", error("We failed.", type="server_error"), 500),
]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "body", "status"), CASES, ids=[f"{number}-{case[0]}" for number, case in enumerate(CASES)]
)
def test_an_error_is_told_by_what_it_says(word: str, body: Any, status: int) -> None:
    assert told(body, status).id == word


def test_every_class_is_told_from_some_answer() -> None:
    assert {case[0] for case in CASES} | {"edge_error", "stream_error"} == set(CLASSES)


def test_a_page_of_a_proxy_is_told_by_its_form() -> None:
    assert told(b"<html><h1>Bad Gateway</h1></html>", 502, kind="text/html").id == "edge_error"
    assert told(b"no healthy upstream", 503, kind="text/plain").id == "edge_error"


def test_an_error_in_the_headers_is_read() -> None:
    found = told({"message": "No."}, 403, x_amzn_errortype="ExpiredTokenException:http://example.com/")
    assert (found.id, found.confidence) == ("bad_key", "high")


def test_an_error_that_an_upstream_sent_is_read_in_its_wrapper() -> None:
    raw = json.dumps(error("Expected at least 16.", code="integer_below_min_value"))
    assert told(error("The provider returned an error", code=400, metadata={"raw": raw})).id == "bad_parameter"


def test_an_error_inside_a_success_is_classified_by_the_status_that_it_names() -> None:
    found = told(error("The host gave up.", code=502), 200)
    assert (found.id, found.evidence) == ("bad_gateway", ("names status 502",))


@pytest.mark.parametrize(
    ("event", "word"),
    [
        (error("Wait.", code="rate_limit_exceeded"), "rate_limited"),
        (error("Something went wrong."), "stream_error"),
        ({"error": "Something went wrong."}, "stream_error"),
    ],
)
def test_an_error_in_a_stream_is_told_by_what_it_says_and_else_by_its_place(event: Any, word: str) -> None:
    body = b'data: {"choices": []}\n\ndata: ' + json.dumps(event).encode() + b"\n\n"
    assert told(body, 200, kind="text/event-stream").id == word
    unclaimed = Request("POST", "https://api.example.com/generate")
    assert told(body, 200, kind="text/event-stream", request=unclaimed).id == word


@pytest.mark.parametrize(
    ("path", "body", "word"),
    [
        ("/v1/messages", {"type": "error", "error": {"type": "rate_limit_error", "message": "No."}}, "rate_limited"),
        ("/v1beta/models/m:generateContent", [error("No.", code=429, status="RESOURCE_EXHAUSTED")], "rate_limited"),
        ("/model/m/converse", {"message": "Too many requests, please wait."}, "rate_limited"),
        ("/v2/chat", {"id": "1", "message": "too many tokens: the limit is 8000", "error_type": "TOO_MANY_TOKENS"}, "rate_limited"),
        ("/api/chat", {"error": "too many concurrent requests"}, "rate_limited"),
        ("/ml/v1/chat", {"title": "Too Many Requests", "status": 429, "detail": "Rate limit"}, "rate_limited"),
    ],
)  # fmt: skip
def test_every_dialects_envelope_is_read(path: str, body: Any, word: str) -> None:
    found = told(body, 429, request=Request("POST", f"https://api.example.com{path}"))
    assert found.id == ("context_too_long" if "TOO_MANY_TOKENS" in str(body) else word)


@pytest.mark.parametrize(
    ("message", "limit"),
    [
        ("Rate limit reached on tokens per minute (TPM).", "tokens"),
        ("Rate limit reached on requests per minute (RPM).", "requests"),
        ("Rate limit reached on tokens per day (TPD).", "day"),
        ("Too many concurrent requests.", "concurrency"),
        ("The model is rate-limited upstream.", "upstream"),
        ("Rate limit reached.", None),
    ],
)
def test_a_rate_limit_names_which(message: str, limit: str | None) -> None:
    assert told(error(message), 429).limit == limit


def test_a_success_has_no_class() -> None:
    exchange = Exchange("x", CHAT, Response(200, {}, b'{"choices": [], "error": null}'))
    assert classify(exchange) is None


def test_what_nothing_tells_is_unknown_and_says_why() -> None:
    found = told(error("Foobar"), 418)
    assert (found.id, found.confidence, found.known, found.fault) == (UNKNOWN, "none", None, None)
    assert found.evidence == ("says 'Foobar'", "status 418")
    silent = classify(Exchange("x", CHAT, None, meta={"error": "ConnectError: refused"}))
    assert silent is not None
    assert (silent.id, silent.evidence) == (UNKNOWN, ("no answer (ConnectError: refused)",))


def test_how_sure_a_class_is_says_what_told_it() -> None:
    assert told(error("No.", code="invalid_api_key"), 401).confidence == "high"
    assert told(error("Incorrect API key."), 401).confidence == "medium"
    assert told(error("No."), 401).confidence == "low"


def test_what_the_providers_files_say_of_an_error_is_what_its_words_tell() -> None:
    """A retired model and a typo are worded alike by many; only the side that is at fault always agrees."""
    wrong, agreeing, all_cases = [], 0, 0
    for provider in load_providers().values():
        for case in provider.errors.cases:
            if case.message is None or case.status < 400:
                continue
            members = {"message": case.message, "type": case.type, "code": case.code}
            found = told({"error": {key: value for key, value in members.items() if value is not None}}, case.status)
            all_cases += 1
            agreeing += found.id == case.when or {found.id, case.when} == {"unknown_model", "retired_model"}
            fault = CLASSES[case.when].fault
            if case.when != "stream_error" and (found.fault == "server") != (fault == "server"):
                wrong.append((provider.name, case.when, found.id, case.message))
    assert agreeing >= 0.85 * all_cases
    assert wrong == []


MEMBERS = ["error", "message", "code", "type", "detail", "details", "metadata", "raw", "status", "headers"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(MEMBERS) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)
STATUSES = st.sampled_from([None, 200, 204, 400, 404, 418, 429, 500, 503, 999])
KINDS = st.sampled_from(["application/json", "text/event-stream", "text/html", "application/problem+json", ""])
PATHS = st.sampled_from(
    ["/v1/chat/completions", "/v1/messages", "/v1/responses", "/api/chat", "/v2/chat", "/m:generateContent", "/x"]
)


@given(JSON, STATUSES, KINDS, PATHS)
def test_no_json_makes_it_raise(value: Any, status: int | None, kind: str, path: str) -> None:
    body = json.dumps(value).encode("utf-8", "surrogatepass")
    classify(Exchange("x", Request("POST", f"https://a.example{path}"), Response(status, {"content-type": kind}, body)))


@given(st.binary(max_size=300), STATUSES, KINDS, st.text(max_size=30))
def test_no_bytes_make_it_raise(body: bytes, status: int | None, kind: str, header: str) -> None:
    headers = {"content-type": kind, "x-amzn-errortype": header, "retry-after": header, "ratelimit": header}
    classify(Exchange("x", CHAT, Response(status, headers, body)))


def test_a_body_as_deep_and_as_long_as_it_gets_is_read_in_part() -> None:
    deep: Any = "end"
    for _ in range(250):
        deep = {"error": deep}
    assert told(deep, 400).id == "invalid_request"
    assert told({"errors": [error("x" * 5000)] * 2000}, 500).id == "server_error"
