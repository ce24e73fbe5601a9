"""A mock's file that keeps a whole message as one JSON object is read as that message, where nothing else is known of the answer."""

from __future__ import annotations

import json
from typing import Any

from conformance.recording.importers import Unreadable
from conformance.recording.importers.jsonl import read
from conformance.wire.exchange import Exchange


def one(body: Any, fidelity: str = "response-only") -> Exchange:
    url = "https://provider.example/v1/audio/transcriptions"
    row = {
        "id": "x", "fidelity": fidelity, "request": {"method": "POST", "url": url, "headers": {}},
        "response": {"status": 200, "headers": {}, "body": body},
    }  # fmt: skip
    (exchange,) = read([json.dumps(row).encode()], "a.jsonl")
    assert not isinstance(exchange, Unreadable)
    assert isinstance(exchange, Exchange)
    return exchange


def test_status_headers_and_body_are_a_message() -> None:
    response = one({"status": 201, "headers": {"Content-Type": "text/plain"}, "body": " Hello."}).response
    assert response is not None
    assert (response.status, response.content_type, response.body) == (201, "text/plain", b" Hello.")


def test_a_body_with_a_member_more_is_a_body() -> None:
    response = one({"status": 201, "body": "Hello.", "text": "Hello."}).response
    assert response is not None
    assert response.status == 200


def test_a_body_whose_status_is_no_status_is_a_body() -> None:
    response = one({"status": "ok", "body": "Hello."}).response
    assert response is not None
    assert response.status == 200


def test_a_recorded_answer_is_never_unwrapped() -> None:
    response = one({"status": 201, "body": "Hello."}, "full").response
    assert response is not None
    assert response.status == 200
