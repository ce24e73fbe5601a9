"""Pictures: a model that is said to see takes one, and bytes that are none are refused. Each rule against the break and its look-alikes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from conformance.providers import load_providers, parse_target
from conformance.providers.target import Target
from conformance.rules.standing import TargetOnDay
from conformance.rules.table import RULES, Finding
from conformance.wire.case import Case
from conformance.wire.picture import data_url, png
from tests.native import ANTHROPIC, ANTHROPIC_MESSAGE, COHERE, GEMINI, GEMINI_ANSWER, OLLAMA, case, judged

CHAT = "https://provider.example/v1/chat/completions"
MODELS = "https://provider.example/v1/models"
RED = data_url(png((220, 20, 20)))
RED_BYTES = RED.partition(",")[2]
ANSWER: dict[str, Any] = {
    "id": "c1",
    "object": "chat.completion",
    "created": 1750000000,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Red."}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 25, "completion_tokens": 3, "total_tokens": 28},
}
RULE = RULES["params.image_accepted"]
PROVIDERS = load_providers()


def asks(url: str = RED) -> dict[str, Any]:
    parts = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": "Which colour?"}]
    return {"model": "m", "messages": [{"role": "user", "content": parts}]}


def refusal(message: str, status: int = 400, request: dict[str, Any] | None = None) -> Case:
    body = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}
    return case(CHAT, request or asks(), body, status=status)


def listed(**entry: Any) -> Case:
    body = {
        "object": "list",
        "data": [{"id": "other"}, {"id": "m", "object": "model", "created": 1, "owned_by": "p", **entry}],
    }
    listing = case(MODELS, {}, body)
    return Case(replace(listing.exchange, request=replace(listing.exchange.request, method="GET", body=b"")))


def on_day(*cases: Case, sees: bool = False) -> TargetOnDay:
    target = (
        parse_target("openai/gpt-4.1-mini", PROVIDERS) if sees else Target(PROVIDERS["llamacpp"], "m", "openai-chat")
    )
    return TargetOnDay(target, date(2026, 11, 29), cases)


def findings(*cases: Case, sees: bool = False) -> list[Finding] | str:
    view = RULE.over(on_day(*cases, sees=sees))
    return view if isinstance(view, str) else list(RULE.findings(view))


BLIND = [
    ("This model does not support image input.", 400),
    ("No endpoints found that support image input", 404),
    ("messages[0]: unknown variant `image_url`, expected `text`", 422),
    ("Model does not support image modality", 400),
    ("registry.ollama.ai/library/m is missing data required for image input", 400),
]
DECLARED = [
    {"architecture": {"input_modalities": ["text", "image"]}},
    {"input_modalities": ["image", "text"]},
    {"capabilities": {"vision": True}},
    {"capabilities": ["completion", "vision"]},
    {"supports_vision": True},
]


@pytest.mark.parametrize(("message", "status"), BLIND)
def test_a_picture_refused_by_a_model_that_is_said_to_see_is_a_finding(message: str, status: int) -> None:
    outcome = findings(refusal(message, status), sees=True)
    assert [finding.rule for finding in outcome if isinstance(finding, Finding)] == ["params.image_accepted"]
    assert "the provider's file" in outcome[0].expected  # type: ignore[union-attr] - a list, as the line above shows


@pytest.mark.parametrize("entry", DECLARED)
def test_a_listing_says_that_a_model_sees_in_any_of_the_known_ways(entry: dict[str, Any]) -> None:
    outcome = findings(listed(**entry), refusal("This model does not support image input."))
    assert [finding.rule for finding in outcome if isinstance(finding, Finding)] == ["params.image_accepted"]


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"architecture": {"input_modalities": ["text"]}},
        {"architecture": {"input_modalities": ["text"], "output_modalities": ["text", "image"]}},
        {"capabilities": {"vision": False}},
        {"capabilities": ["completion"]},
        {"description": "sees images and has vision"},
    ],
)
def test_nothing_is_judged_where_nobody_says_that_the_model_sees(entry: dict[str, Any]) -> None:
    assert isinstance(findings(listed(**entry), refusal("This model does not support image input.")), str)


@pytest.mark.parametrize(
    "refused",
    [
        refusal("image exceeds 5 MB maximum: 7340032 bytes > 5242880 bytes"),
        refusal("The image must have at least 512 pixels"),
        refusal("too many images: at most 1 image per request"),
        refusal("Could not process image"),
        refusal("Error while downloading the image"),
        refusal("Your image was rejected by our safety system"),
        refusal("max_tokens is too large"),
        refusal("Incorrect API key provided", 401),
        refusal("This model does not support image input.", 400, {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}),
        refusal("Invalid image: no base64", 400, asks("data:image/png;base64,no!!!")),
        refusal("This model does not support image input.", 400, asks("https://h.example/a.png")),
        refusal("This model does not support image input.", 400, asks("data:image/png;base64,AA==")),
    ],
)  # fmt: skip
def test_a_refusal_for_another_cause_is_left_alone(refused: Case) -> None:
    outcome = findings(refused, case(CHAT, asks(), ANSWER), sees=True)
    assert outcome == []


def test_a_picture_that_is_answered_is_judged_and_clean() -> None:
    view = RULE.over(on_day(case(CHAT, asks(), ANSWER), sees=True))
    assert not isinstance(view, str)
    assert view.summary == "1 requests with a picture answered, as the provider's file says"
    assert len(view.exchanges) == 1
    assert isinstance(findings(sees=True), str)


# What is no picture

NO_PICTURE = "Y29uZm9ybWFuY2Utbm8tc3VjaC1waWN0dXJl"
NO_BASE64 = "data:image/png;base64,no!!!"
_SOURCE = {"type": "base64", "media_type": "image/png", "data": "iVBOR&w0KGgo="}
_SAID = {"role": "assistant", "content": "Red."}
_COHERE = {"role": "assistant", "content": [{"type": "text", "text": "Red."}]}


def _user(*content: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": list(content) or "?"} | members]}


#: The address, the request and an answer that takes no notice.
BROKEN: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "chat": (CHAT, asks(NO_BASE64), ANSWER),
    "chat, our own text": (CHAT, asks(f"data:image/png;base64,{NO_PICTURE}"), ANSWER),
    "Messages": (
        ANTHROPIC,
        {**_user({"type": "image", "source": _SOURCE}), "max_tokens": 9},
        {**ANTHROPIC_MESSAGE, "content": [{"type": "text", "text": "Red."}], "stop_reason": "end_turn"},
    ),
    "Gemini": (
        GEMINI,
        {"contents": [{"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": "iVBOR!"}}]}]},
        GEMINI_ANSWER,
    ),
    "Ollama": (
        OLLAMA,
        {**_user(images=["data:image/png"]), "stream": False},
        {"model": "m", "created_at": "2026-11-21T00:00:00Z", "message": _SAID, "done": True, "done_reason": "stop"},
    ),
    "Cohere": (
        COHERE,
        _user({"type": "image_url", "image_url": {"url": NO_BASE64}}),
        {"id": "1", "message": _COHERE, "finish_reason": "COMPLETE"},
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_answer_to_bytes_that_are_no_picture_is_a_finding(name: str) -> None:
    url, request, answer = BROKEN[name]
    assert "params.invalid_refused" in {finding.rule for finding in judged(url, request, answer).findings}


@pytest.mark.parametrize("name", BROKEN)
def test_a_crash_over_bytes_that_are_no_picture_is_a_finding(name: str) -> None:
    url, request, _ = BROKEN[name]
    crash = {"error": {"message": "Internal error", "type": "server_error", "param": None, "code": None}}
    assert "error.bad_request_status" in {finding.rule for finding in judged(url, request, crash, status=500).findings}


@pytest.mark.parametrize(
    "url",
    [
        RED,
        f"data:image/jpeg;base64,{RED_BYTES}",
        "https://h.example/no!!!.png",
        "data:image/png;base64,<redacted>",
        "data:image/png;base64,[IMAGE]",
        "data:image/png;base64,iVBORw0KGgo...",
        "data:image/png;base64,REDACTED_IMAGE",
        "data:image/png;base64,UkVEQUNURUQ=",
        "data:image/png;base64,",
    ],
)
def test_an_answer_to_a_picture_or_to_what_a_recorder_left_of_one_is_clean(url: str) -> None:
    assert "params.invalid_refused" not in {finding.rule for finding in judged(CHAT, asks(url), ANSWER).findings}


def test_words_that_only_look_like_a_picture_are_no_fault() -> None:
    request = {"model": "m", "messages": [{"role": "user", "content": "Is data:image/png;base64,no!!! an image?"}]}
    assert "params.invalid_refused" not in {finding.rule for finding in judged(CHAT, request, ANSWER).findings}
