"""Redaction: keys, cookies, organisations and persons go; everything that a rule or a reader needs stays."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.recording.patterns import filler, leaks, mask
from conformance.recording.redaction import redact, redact_text
from conformance.recording.secrets import main, scan
from conformance.wire.exchange import Exchange, Request, Response, Timing
from conformance.wire.secret import Secret
from tests.hostile.planted import CODINGS, foreign_keys, leaked, planted
from tests.hostile.secrets_matrix import cleaned

if TYPE_CHECKING:
    from pathlib import Path

KEY = 'aZ09/+%key"with\\odd=signs'
#: Made up, in the form that each vendor's keys have.
KEYS = {
    "openai": "sk-proj-" + "a1B2" * 12,
    "anthropic": "sk-ant-api03-" + "x9Y-" * 20,
    "openrouter": "sk-or-v1-" + "0123456789abcdef" * 4,
    "groq": "gsk_" + "aB3d" * 13,
    "cerebras": "csk-" + "k2m4" * 12,
    "huggingface": "hf_" + "QwEr5" * 7,
    "google": "AIza" + "Sy0-_aB" * 5,
    "aws": "AKIA" + "ABCD2345" * 2,
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJlLTEyMw",
    "masked": "sk-confo***************1234",
    "openai-org": "org-" + "aB3dEf6h" * 3,
    "groq-org": "org_01" + "hr8xk2m4" * 3,
    "openrouter-user": "user_2" + "aBcDeF7h" * 3,
}
#: What looks a little like a secret and is none.
HARMLESS = [
    "chatcmpl-C5YBuzgDBkyemahVCox4pY4NXekMb",
    "call_yYw3O05GCuxVOwgU8T9xj1kt",
    "fp_44add55e8e1234567890",
    "resp_07142c47e6a68e8c0069d790d54cfc819585231b5141",
    "req_011CVa2kdYoBWtrYYX7mqJjX",
    "msg_01XFDUDYJgAACzvnptvVoYEL",
    "task-1234567890abcdefghij",
    "sk-learn-pipelines-for-beginners",
    "Bearer authentication is required",
    "the bearer of bad news",
    "someone@example.com",
    "a@sub.example.org",
    "x@host.test",
    "organization-wide",
    "user_preferences_and_settings",
    "Authorization: Bearer sk-conformance-invalid-key",
    "claude-3-5-sonnet@20240620",
    "hf_hub_download",
]


def exchange(
    body: bytes = b"", *, url: str = "https://h.example/v1/x", headers: dict[str, str] | None = None
) -> Exchange:
    request = Request("POST", url, headers or {}, body)
    timing = Timing(chunks=((0.1, len(body) // 2), (0.2, len(body) - len(body) // 2)))
    return Exchange("x", request, Response(200, headers or {}, body, "clean"), timing)


@pytest.mark.parametrize(
    "name",
    ["Authorization", "x-api-key", "API-KEY", "x-goog-api-key", "Cookie", "Set-Cookie", "OpenAI-Organization", "openai-project",
     "Proxy-Authorization", "anthropic-organization-id", "x-amz-security-token", "x-forwarded-for"],
)  # fmt: skip
def test_a_secret_header_keeps_its_name_and_loses_its_value(name: str) -> None:
    clean = redact(exchange(headers={name: "v"}))
    assert clean.request.headers == {name: "REDACTED"}
    assert clean.response is not None
    assert clean.response.headers == {name: "REDACTED"}


@pytest.mark.parametrize(
    "name",
    [
        "x-request-id",
        "request-id",
        "cf-ray",
        "x-ratelimit-remaining-tokens",
        "openai-processing-ms",
        "x-time-per-token",
    ],
)
def test_a_header_that_support_asks_for_stays(name: str) -> None:
    assert redact(exchange(headers={name: "v-123"})).request.headers == {name: "v-123"}


@pytest.mark.parametrize("value", ["Bearer sk-conformance-invalid-key", "sk-conformance-invalid-key"])
def test_the_key_of_the_bad_key_probe_stays(value: str) -> None:
    asked = exchange(f"no such key: {value}".encode(), headers={"authorization": value})
    assert redact(asked, ["sk-conformance-invalid-key"]) == asked


@pytest.mark.parametrize(
    "name", ["key", "api_key", "api-key", "Token", "access_token", "X-Amz-Signature", "x-amz-credential"]
)
def test_a_secret_parameter_loses_its_value(name: str) -> None:
    asked = exchange(url=f"https://h.example/v1/x?a=1&{name}=abc%20d&alt=sse#f")
    assert redact(asked).request.url == f"https://h.example/v1/x?a=1&{name}=REDACTED&alt=sse#f"


def test_a_password_in_the_url_goes() -> None:
    assert (
        redact(exchange(url="http://me:pw@h.example/x?monkey=1")).request.url == "http://REDACTED@h.example/x?monkey=1"
    )


@pytest.mark.parametrize(
    "around", ['{{"error": "{}"}}', "Incorrect key: {}.", 'data: {{\\"k\\":\\"{}\\"}}\n\n', "Bearer {}"]
)
def test_every_kind_of_key_is_filled_with_as_many_bytes(around: str) -> None:
    for kind, key in KEYS.items():
        body = around.format(key).encode()
        clean = redact(exchange(body)).response
        assert clean is not None
        assert key.encode() not in clean.body, kind
        assert len(clean.body) == len(body), kind
        assert not list(leaks(clean.body)), kind


@pytest.mark.parametrize(
    ("body", "clean"),
    [
        (b'{"user_id":"u-1"}', b'{"user_id":"XXX"}'),
        (b'{"user_id": null, "user_idx": "a"}', b'{"user_id": null, "user_idx": "a"}'),
        (b'"{\\"org_id\\": \\"abcdefghij\\"}"', b'"{\\"org_id\\": \\"REDACTEDXX\\"}"'),
        (b"write to jo.doe+x@corp.co.uk.", b"write to REDACTEDXXXXXXXXXXX."),
    ],
)
def test_persons_and_organisations_go(body: bytes, clean: bytes) -> None:
    assert mask(body) == clean


def test_text_that_only_resembles_a_secret_stays() -> None:
    assert [text for text in HARMLESS if redact_text(text) != text] == []


@pytest.mark.parametrize(
    "spelt",
    [
        pytest.param(KEY, id="plain"),
        pytest.param(quote(KEY, safe=""), id="url"),
        pytest.param(re.sub("%..", lambda code: code[0].lower(), quote(KEY, safe="")), id="url-lower"),
        pytest.param(json.dumps(KEY), id="json"),
        pytest.param(json.dumps(KEY).replace("/", "\\/"), id="json-escaped-slash"),
        *(pytest.param(base64.b64encode(b"u" * n + KEY.encode() + b":").decode(), id=f"base64-{n}") for n in range(3)),
        pytest.param(base64.urlsafe_b64encode(KEY.encode()).decode(), id="base64-url"),
    ],
)
def test_a_known_secret_goes_in_every_spelling(spelt: str) -> None:
    body = b"before " + spelt.encode() + b" after"
    asked = exchange(body, url=f"https://h.example/{quote(KEY, safe='')}", headers={"x-other": KEY})
    clean = redact(asked, [KEY])
    assert clean.response is not None
    assert clean.response.body != body
    assert clean.response.body.startswith(b"before ")
    assert clean.response.body.endswith(b" after")
    assert b"REDACTED" in clean.response.body
    assert len(clean.response.body) == len(body)
    assert KEY not in str(clean)
    assert quote(KEY, safe="") not in clean.request.url


def test_a_short_key_is_a_word_and_is_not_searched_for() -> None:
    assert redact(exchange(b"ask ollama"), ["ollama", ""]) == exchange(b"ask ollama")


def test_a_short_key_goes_where_it_is_a_whole_value() -> None:
    asked = exchange(
        b'{"key": "pa55", "text": "pa55words"}', url="https://h.example/?v=pa55", headers={"x-echo": "pa55"}
    )
    clean = redact(asked, ["pa55"])
    assert clean.response is not None
    assert clean.response.body == b'{"key": "XXXX", "text": "pa55words"}'
    assert (clean.request.url, clean.request.headers) == ("https://h.example/?v=REDACTED", {"x-echo": "REDACTED"})


@pytest.mark.parametrize("place", ["text", "html-page", "utf-16", "gzip", "zstd", "stream-20"])
def test_a_key_goes_in_every_coding_wherever_it_stands(place: str) -> None:
    key = "sk-proj-Qw3rTy7uIoP9aSdF5gHjK1lZxCvBnM2"
    known = "acme-7Hq2Zk9Lw4Tn8Vb3Xc6M"
    cases = [*planted(known, own=True, places=(place,)), *planted(key, own=False, places=(place,))]
    left = [case.name for case in cases if leaked(case, cleaned(case.body, [known]))]
    assert [name for name in left if name != "cut-ellipsis in utf-16"] == []


def test_every_format_that_is_known_goes_in_pieces_too() -> None:
    cases = [case for key in foreign_keys().values() for case in planted(key, own=False, places=("stream-3",))]
    plain = [case for case in cases if case.name.startswith(("plain", "base64 "))]
    assert [case.secret for case in plain if leaked(case, cleaned(case.body, ()))] == []


@pytest.mark.parametrize("place", ["json", "json-in-json", "stream-3", "tool-pieces", "logprobs", "ndjson"])
def test_a_body_without_its_secrets_is_still_json_and_as_long(place: str) -> None:
    for case in planted("acme-7Hq2Zk9Lw4Tn8Vb3Xc6M", own=True, places=(place,)):
        clean = cleaned(case.body, [case.secret])
        assert len(clean) == len(case.body)
        for before, after in zip(_documents(case.body), _documents(clean), strict=True):
            assert _is_json(after) or not _is_json(before), case.name
        assert cleaned(clean, [case.secret]) == clean


def test_a_gzipped_body_is_packed_again_and_its_reads_add_up() -> None:
    body = gzip.compress(json.dumps({"message": f"bad key {KEYS['groq']}", "more": list(range(200))}).encode())
    clean = redact(exchange(body))
    assert clean.response is not None
    assert clean.timing is not None
    assert sum(size for _, size in clean.timing.chunks) == len(clean.response.body)
    assert KEYS["groq"] not in gzip.decompress(clean.response.body).decode()


def test_nothing_that_was_made_a_secret_shows_itself() -> None:
    secret = Secret("sk-shown-to-nobody-123456")
    shown = f"{secret} {secret!r} {secret:>5} {[secret]} {{'a': {secret}}} {Request('GET', 'https://h.example', {'a': secret})}"
    assert "nobody" not in shown + str(secret)
    assert httpx.Headers({"x-key": secret})["x-key"] == "sk-shown-to-nobody-123456"


def _documents(body: bytes) -> list[bytes]:
    return [line.removeprefix(b"data: ") for line in body.split(b"\n")]


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def test_retried_attempts_are_redacted_too() -> None:
    asked = Exchange(
        "x", Request("GET", "https://h.example"), meta={"attempts": [{"why": f"bad key {KEYS['groq']}", "n": 1}]}
    )
    assert redact(asked).meta == {"attempts": [{"why": f"bad key {filler(len(KEYS['groq'])).decode()}", "n": 1}]}


@given(
    st.lists(
        st.sampled_from([*KEYS.values(), *HARMLESS, " ", '"', "\n", "\\", "é", "\x00", '"user_id": "x"']), max_size=12
    )
)
def test_redaction_is_stable_and_keeps_lengths_and_timing(parts: list[str]) -> None:
    asked = exchange("".join(parts).encode())
    clean = redact(asked)
    assert clean.response is not None
    assert asked.response is not None
    assert len(clean.response.body) == len(asked.response.body)
    assert clean.timing == asked.timing
    assert redact(clean) == clean


CASSETTE = """\
interactions:
- request:
    body: null
    headers:
      authorization:
      - {authorization}
    method: GET
    uri: https://h.example/v1/models?key={key}
  response:
    body:
      string: {body}
    headers: {{}}
    status: {{code: 200, message: OK}}
version: 1
"""


def cassette(path: Path, *, authorization: str = "REDACTED", key: str = "REDACTED", body: str = "fine") -> Path:
    path.write_text(CASSETTE.format(authorization=authorization, key=key, body=body))
    return path


def test_a_clean_cassette_passes_the_scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cassette(tmp_path / "c.yaml", authorization="Bearer sk-conformance-invalid-key")
    assert main([str(tmp_path)]) == 0
    assert not capsys.readouterr().out


@pytest.mark.parametrize(
    ("fields", "line", "kind"),
    [
        ({"authorization": "Basic dTpw"}, 6, "header authorization"),
        ({"key": "abc"}, 8, "url"),
        ({"body": f"'no {KEYS['groq']}'"}, 11, "api-key"),
        ({"body": f"!!binary |\n        {base64.b64encode(KEYS['openai'].encode()).decode()}"}, 11, "api-key"),
        ({"body": "ask jane@corp.de"}, 11, "email"),
        ({"body": f"!!binary |\n        {base64.b64encode(KEYS['openai'].encode() + b'..').decode()}"}, 11, "api-key"),
        ({"body": base64.b64encode(KEYS["groq"].encode()).decode()}, 11, "encoded-secret"),
    ],
)
def test_the_scan_names_file_line_and_kind(tmp_path: Path, fields: dict[str, str], line: int, kind: str) -> None:
    path = cassette(tmp_path / "c.yaml", **fields)
    assert scan([tmp_path]) == [(path, line, kind)]


def test_the_scan_prints_one_line_each_and_exits_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = cassette(tmp_path / "c.yaml", body=KEYS["huggingface"])
    assert main([str(path)]) == 1
    assert capsys.readouterr().out == f"{path}:11: api-key\n"


@pytest.mark.parametrize("coding", ["json-unicode", "percent-all", "base64", "hex", "base64-gzip", "html"])
@pytest.mark.parametrize("form", ["har", "jsonl", "jsonl.gz"])
def test_the_scan_finds_what_redaction_would(tmp_path: Path, coding: str, form: str) -> None:
    body = f'{{"error": "{CODINGS[coding](KEYS["groq"])}"}}'.encode()
    url, path = "https://h.example/v1/chat/completions", tmp_path / f"recording.{form}"
    coded = base64.b64encode(body).decode()
    if form == "har":
        answer = {"status": 401, "headers": [], "content": {"text": coded, "encoding": "base64"}}
        request = {"method": "POST", "url": url, "headers": []}
        path.write_text(json.dumps({"log": {"entries": [{"request": request, "response": answer}]}}))
    else:
        row = {"request": {"method": "POST", "url": url}, "response": {"status": 401, "body_base64": coded}}
        data = json.dumps(row).encode()
        path.write_bytes(gzip.compress(data) if form.endswith("gz") else data)
    assert scan([path]) != []


def test_the_scan_of_nothing_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")]) == 3
    assert "cannot be read" in capsys.readouterr().err


def test_a_cut_key_whose_dots_two_pieces_of_a_stream_share_goes_whole() -> None:
    key = "94qmz_M-BbJtDHbssmrpLu8bgFsvnxqvnf_ajM7"
    body = b"".join(
        b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": piece}}]}).encode() + b"\n\n"
        for piece in ("It is 94qmz_M-Bb.", "..ajM7.")
    )
    assert b"94qmz" not in cleaned(body, [key])
