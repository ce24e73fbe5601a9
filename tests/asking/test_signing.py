"""Requests that are signed where no key stands in the provider's variable: botocore's signature, and nothing of it in a recording."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from conformance.asking.signing import signer_of
from conformance.errors import UnusableInputError
from conformance.providers import load_providers, parse_target
from conformance.recording.redaction import redact
from conformance.wire import frames
from conformance.wire.exchange import Exchange, Request

pytest.importorskip("botocore", reason="the extra [bedrock] is not installed")

TARGET = parse_target("bedrock/us.amazon.nova-2-lite-v1:0", load_providers())
REQUEST = Request("POST", f"{TARGET.base_url}/model/m/converse", {"content-type": "application/json"}, b"{}")


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_BEARER_TOKEN_BEDROCK", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AK" + "IA" + "EXAMPLE7" * 2)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example" * 5)


def test_a_request_is_signed_for_the_region_of_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token-of-a-session")
    sign = signer_of(TARGET, "https://bedrock-runtime.eu-central-1.amazonaws.com")
    assert sign is not None
    signed = sign(REQUEST)
    assert re.search(r"Credential=\w+/\d{8}/eu-central-1/bedrock/aws4_request", signed.headers["authorization"])
    assert {"x-amz-date", "x-amz-security-token"} <= signed.headers.keys()
    assert (signed.body, signed.url) == (REQUEST.body, REQUEST.url)


def test_neither_signature_nor_token_reach_a_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token-of-a-session")
    sign = signer_of(TARGET, TARGET.base_url)
    assert sign is not None
    clean = redact(Exchange("x", sign(REQUEST))).request.headers
    assert (clean["authorization"], clean["x-amz-security-token"]) == ("REDACTED", "REDACTED")


def test_an_address_without_a_region_takes_that_of_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    sign = signer_of(TARGET, "https://gateway.example")
    assert sign is not None
    assert "/ap-south-1/bedrock/" in sign(REQUEST).headers["authorization"]


def test_a_bearer_token_needs_no_signature(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "a-token")
    assert signer_of(TARGET, TARGET.base_url) is None


def test_a_provider_that_signs_nothing_has_no_signer() -> None:
    assert signer_of(parse_target("groq/openai/gpt-oss-120b", load_providers()), "https://h") is None
    assert signer_of(replace(TARGET, provider=replace(TARGET.provider, auth=None)), "https://h") is None


@pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_without_credentials_one_line_names_both_ways(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(UnusableInputError, match="neither AWS_BEARER_TOKEN_BEDROCK nor AWS_ACCESS_KEY_ID"):
        signer_of(TARGET, TARGET.base_url)


def test_without_botocore_one_line_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "find_spec", lambda _: None)
    with pytest.raises(UnusableInputError, match=r"needs botocore.*\[bedrock\]"):
        signer_of(TARGET, TARGET.base_url)
