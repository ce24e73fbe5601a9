"""Claims about what shows a key: errors that nobody takes, AWS credentials and signatures, progress lines, Allure's Markdown."""

from __future__ import annotations

import subprocess
import sys

import pytest

from conformance.asking.signing import signer_of
from conformance.providers import load_providers, parse_target
from conformance.recording.redaction import redact_text
from conformance.report import allure_html
from conformance.report.job_summary import escaped
from conformance.wire.exchange import Request
from conformance.wire.secret import Secret

_KEY = "acme-7Hq2Zk9Lw4Tn8Vb3Xc6M"
_UNTAKEN = f"""
import threading
from conformance.cli import hide_values
from conformance.wire.secret import Secret
key = Secret({_KEY!r})
hide_values()
def fail():
    raise ValueError(f"no header {{key.reveal()}}")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
class Left:
    def __del__(self):
        fail()
"""


def test_an_error_that_nobody_takes_is_one_line_without_the_key() -> None:
    code = f"{_UNTAKEN}left = Left()\ndel left\nfail()\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    lines = done.stderr.splitlines()
    assert len(lines) == 3, done.stderr
    assert all(line.startswith("conformance: stopped by ValueError") for line in lines)
    assert _KEY not in done.stderr


def test_what_signs_a_request_is_a_secret_and_the_signature_shows_itself_to_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("botocore")
    secret, token = "wJalrXUtnFEMIK7MDENGbPxRfiCYzzzzzzzzKEYx", "IQoJb3JpZ2luX2VjEHoaCXVzLXdlc3QtMiJHMEUCIQ"
    monkeypatch.delenv("AWS_BEARER_TOKEN_BEDROCK", raising=False)
    for name, value in (
        ("ACCESS_KEY_ID", "AKIAZZZZZZZZ234567ZZ"),
        ("SECRET_ACCESS_KEY", secret),
        ("SESSION_TOKEN", token),
    ):
        monkeypatch.setenv(f"AWS_{name}", value)
    bedrock = next(
        target
        for provider in load_providers().values()
        if provider.default_models
        for target in [parse_target(f"{provider.name}/{provider.default_models[0]}", load_providers())]
        if target.auth is not None and target.auth.sigv4
    )
    signer = signer_of(bedrock, "https://bedrock-runtime.us-east-1.amazonaws.com")
    assert signer is not None
    signed = signer(Request("POST", "https://bedrock-runtime.us-east-1.amazonaws.com/x", {}, b"{}"))
    shown = repr(signed)
    assert "Signature=" not in shown
    assert token not in shown
    assert signed.headers["authorization"].encode().startswith(b"AWS4-HMAC-SHA256 Credential=AKIA"), (
        "it is sent as it is"
    )
    assert signed.headers["authorization"] not in Secret.in_use(), "each request has another"
    for coded in (secret, token, secret.lower(), token.encode().hex()):
        assert redact_text(f"bad {coded} given") != f"bad {coded} given"


@pytest.mark.parametrize(
    "words", ["![a](http://b.test/c.png)", "<img src=http://b.test/c.png>", "[![a](http://b.test/c)](x)"]
)
def test_a_providers_words_are_no_markup_in_markdown(words: str) -> None:
    text = escaped(words)
    assert not any(mark in text.replace("\\" + mark, "") for mark in "!<[]>")


def test_the_policy_of_the_allure_page_comes_before_all_that_could_load() -> None:
    page = allure_html.closed('<!doctype html><html><head lang="en"><link href="x"></head><head></head></html>')
    assert page.count("Content-Security-Policy") == 1
    assert page.index("Content-Security-Policy") < page.index("<link")
    assert "default-src 'none'" in page
    assert "http" not in page.partition("content=")[2].partition(">")[0]
