"""A request that is read at a glance is as odd as one that is walked value by value."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance import Case, Exchange, Request, Response
from conformance.rules.views.unusual_requests import odd_request, oddity_of_body

_URL = "https://llm.example/v1/chat/completions"


def seen(body: bytes) -> str | None:
    request = Request("POST", _URL, {"content-type": "application/json"}, body)
    result = odd_request(Case(Exchange("x", request, Response(200, {}, b'{"choices": []}'))))
    return result.oddity if result is not None else None


def asking(text: Any) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": text}]}


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize(
    "odd", ["\x00", "\x07", "\x08", "\x0c", "\x1f", "\x7f", "\ufdd0", "\ufdef", "\ufffe", "\uffff"]
)
def test_an_odd_character_is_seen_however_it_is_written(odd: str, *, escaped: bool) -> None:
    body = asking(f"a{odd}b")
    assert oddity_of_body(body, "openai-chat") == f"text with U+{ord(odd):04X}"
    assert seen(json.dumps(body, ensure_ascii=escaped).encode()) == f"text with U+{ord(odd):04X}"


def test_an_odd_key_is_seen() -> None:
    assert seen(json.dumps({**asking("x"), "a\x01": 1}).encode()) == "text with U+0001"


def test_deep_values_are_seen() -> None:
    deep: Any = "x"
    for _ in range(70):
        deep = [deep]
    assert seen(json.dumps({**asking("x"), "metadata": deep}).encode()) == "more than 64 levels of nesting"


@pytest.mark.parametrize(
    "text", ["plain", "tab\tand\nline", 'a "quote" and a \\ backslash', "Größe 東京 🙂", "[{" * 80]
)
def test_an_ordinary_text_is_not_odd(text: str) -> None:
    assert seen(json.dumps(asking(text)).encode()) is None
    assert seen(json.dumps(asking(text), ensure_ascii=False).encode()) is None


def test_a_departure_from_the_schema_is_odd_at_a_glance() -> None:
    assert seen(json.dumps({**asking("x"), "stream": "yes"}).encode()) == seen(
        json.dumps({**asking("caf\u00e9"), "stream": "yes"}).encode()
    )
