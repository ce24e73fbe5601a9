"""The values that everything is computed from."""

from __future__ import annotations

import pytest

from conformance.wire.exchange import Exchange, Request, Response, as_body, fold_headers, media_type


def test_repeated_headers_are_joined_with_a_comma_under_their_lower_case_name() -> None:
    assert fold_headers([("X-Id", "1"), ("Via", "a"), ("via", "b")]) == {"x-id": "1", "via": "a, b"}


@pytest.mark.parametrize(
    "label", ["text/event-stream", "Text/Event-Stream; charset=utf-8", " text/event-stream;charset=UTF-8"]
)
def test_a_media_type_is_compared_without_case_and_parameters(label: str) -> None:
    assert media_type(label) == "text/event-stream"
    assert Response(200, {"content-type": label}).content_type == "text/event-stream"


def test_a_response_without_a_label_has_an_empty_content_type() -> None:
    assert Response(200).content_type == ""


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://api.example.com/v1/chat/completions", "/v1/chat/completions"),
        ("https://api.example.com/v1/models/?limit=5#top", "/v1/models"),
        ("https://api.example.com", ""),
        ("https://api.example.com/", ""),
        ("/v1/models?a=http://b/c", "/v1/models"),
        ("https://api.example.com/v1?next=/a/b", "/v1"),
    ],
)
def test_a_path_has_no_query_and_no_trailing_slash(url: str, path: str) -> None:
    assert Request("GET", url).path == path


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"text"', b"\xff"])
def test_a_request_body_that_is_no_object_reads_as_an_empty_one(body: bytes) -> None:
    assert Request("POST", "https://api.example.com/", body=body).json == {}


@pytest.mark.parametrize(
    ("value", "body"),
    [
        (None, b""),
        (b"\xff", b"\xff"),
        ("é", b"\xc3\xa9"),
        ("\ud83d", b"\xed\xa0\xbd"),
        ({"a": ["é", "\ud83d"]}, b'{"a": ["\xc3\xa9", "\xed\xa0\xbd"]}'),
        ([], b"[]"),
    ],
)
def test_a_stored_body_becomes_bytes_and_lone_surrogates_survive(value: object, body: bytes) -> None:
    assert as_body(value) == body


@pytest.mark.parametrize(
    ("fidelity", "on_wire"),
    [
        ("full", True),
        ("parsed", False),
        ("normalised", False),
        ("response-only", False),
        ("chunks-only", False),
        ("sdk-level", False),
    ],
)
def test_only_full_fidelity_proves_framing_and_headers(fidelity: str, on_wire: bool) -> None:  # noqa: FBT001
    exchange = Exchange("x", Request("POST", "https://api.example.com/"), fidelity=fidelity)  # type: ignore[arg-type]
    assert exchange.on_wire is on_wire


def test_an_exchange_cannot_be_changed() -> None:
    exchange = Exchange("x", Request("POST", "https://api.example.com/"))
    with pytest.raises(AttributeError, match="cannot assign to field 'evidence'"):
        exchange.evidence = "live"  # type: ignore[misc]
