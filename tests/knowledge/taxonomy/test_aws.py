"""AWS names an exception in a header, or in the frame of a stream: each has its class, whatever its text says."""

from __future__ import annotations

import pytest

from conformance.emulator.response import Event, Streamed, as_bytes
from conformance.knowledge.taxonomy import classify
from conformance.wire.exchange import Exchange, Request, Response
from conformance.wire.frames import FRAMES_TYPE

CONVERSE = Request("POST", "https://provider.example/model/m/converse", {}, b"{}")
STREAM = Request("POST", "https://provider.example/model/m/converse-stream", {}, b"{}")


@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("AccessDeniedException", 403, "no_permission"),
        ("InternalServerException", 500, "server_error"),
        ("ModelErrorException", 424, "dependency_failed"),
        ("ModelNotReadyException", 429, "loading"),
        ("ModelTimeoutException", 408, "timeout"),
        ("ResourceNotFoundException", 404, "not_found"),
        ("ServiceQuotaExceededException", 400, "quota_exhausted"),
        ("ServiceUnavailableException", 503, "unavailable"),
        ("ThrottlingException", 429, "rate_limited"),
        ("ValidationException", 400, "invalid_request"),
        ("UnrecognizedClientException", 403, "bad_key"),
        ("ExpiredTokenException", 403, "bad_key"),
        ("MissingAuthenticationTokenException", 403, "no_key"),
    ],
)
def test_an_exception_has_its_class(name: str, status: int, kind: str) -> None:
    headers = {"content-type": "application/json", "x-amzn-errortype": f"{name}:http://internal.example/"}
    classified = classify(Exchange("x", CONVERSE, Response(status, headers, b'{"message": "x"}')))
    assert classified is not None
    assert classified.id == kind


def test_an_exception_within_a_stream_has_its_class() -> None:
    pytest.importorskip("botocore", reason="the extra [bedrock] is not installed")
    events = (Event({"messageStart": {"role": "assistant"}}), Event({"message": "x"}, name="throttlingException"))
    body = as_bytes(Streamed({}, events, frames=True)).body
    classified = classify(Exchange("x", STREAM, Response(200, {"content-type": FRAMES_TYPE}, body)))
    assert classified is not None
    assert classified.id == "rate_limited"
