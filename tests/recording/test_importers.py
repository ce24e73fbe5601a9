"""Importers: every way a recorder may store an exchange is read as the same exchange, and what cannot be read is said."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import brotli
import pytest
from backports import zstd
from jsonschema import Draft202012Validator

from conformance.recording import compressed
from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.recording.importers.jsonl import read as read_lines
from conformance.recording.malformed import Malformed
from conformance.schemas import load_schema
from conformance.wire.exchange import Exchange

if TYPE_CHECKING:
    from pathlib import Path

BODY = b'{"id": "chatcmpl-1", "object": "chat.completion"}'
URL = "https://api.example.com/v1/chat/completions"
VCRPY = f"""\
interactions:
- request:
    body: '{{"model": "m"}}'
    headers:
      Content-Type:
      - application/json
    method: POST
    uri: {URL}
  response:
    body:
      string: '{BODY.decode()}'
    headers:
      Content-Type:
      - application/json
      Date:
      - Sun, 26 Oct 2025 18:48:30 GMT
    status:
      code: 200
      message: OK
version: 1
"""
RUBY = f"""\
---
http_interactions:
- request:
    method: post
    uri: {URL}
    body:
      encoding: UTF-8
      string: '{{"model": "m"}}'
    headers:
      Content-Type:
      - application/json
  response:
    status:
      code: 200
      message: OK
    headers:
      Content-Type:
      - application/json
    body:
      encoding: UTF-8
      string: '{BODY.decode()}'
  recorded_at: Sun, 26 Oct 2025 18:48:30 GMT
recorded_with: VCR 6.3.1
"""


def only(path: Path) -> Exchange:
    (exchange,) = read_exchanges(path)
    assert isinstance(exchange, Exchange), exchange
    return exchange


def answer(path: Path) -> bytes:
    response = only(path).response
    assert response is not None
    return response.body


def refused(path: Path) -> str:
    (problem,) = read_exchanges(path)
    assert isinstance(problem, Unreadable), problem
    assert "\n" not in problem.error
    return problem.error


def har(**entry: object) -> dict[str, Any]:
    request = {"method": "POST", "url": URL, "headers": [], "postData": {"text": '{"model": "m"}'}}
    headers = [{"name": "Content-Type", "value": "application/json"}]
    response = {"status": 200, "headers": headers, "content": {"text": BODY.decode(), "size": len(BODY)}}
    whole = {"startedDateTime": "2025-10-26T18:48:30.000Z", "request": request, "response": response, **entry}
    return {"log": {"version": "1.2", "pages": [], "entries": [whole]}}


def row(**fields: object) -> dict[str, Any]:
    request = {"method": "POST", "url": URL, "headers": {"Content-Type": "application/json"}, "body": {"model": "m"}}
    response = {"status": 200, "headers": {"content-type": "application/json"}, "body": BODY.decode()}
    return {"request": request, "response": response, "recorded_at": "2025-10-26T18:48:30Z", **fields}


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(VCRPY, id="vcrpy-yaml"),
        pytest.param(RUBY, id="ruby-vcr-yaml"),
        pytest.param(json.dumps(har()), id="har"),
        pytest.param(json.dumps(har(), indent=2), id="har-indented"),
        pytest.param(json.dumps(row()) + "\n", id="jsonl"),
        pytest.param("\ufeff" + json.dumps(row()) + "\n", id="jsonl-with-byte-order-mark"),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
def test_every_format_is_known_by_content_and_gives_the_same_exchange(
    tmp_path: Path, text: str, *, packed: bool
) -> None:
    path = write(tmp_path / "recording", gzip.compress(text.encode()) if packed else text)
    exchange = only(path)
    assert exchange.request.method == "POST"
    assert exchange.request.url == URL
    assert exchange.request.json == {"model": "m"}
    assert exchange.response is not None
    assert exchange.response.status == 200
    assert exchange.response.body == BODY
    assert exchange.response.content_type == "application/json"
    assert exchange.recorded_at == datetime(2025, 10, 26, 18, 48, 30, tzinfo=UTC)
    assert (exchange.evidence, exchange.fidelity, exchange.interaction) == ("imported", "full", 0)
    assert exchange.source == path.as_posix()


def test_vcrpy_json_is_read(tmp_path: Path) -> None:
    request = {"method": "GET", "uri": URL, "body": None, "headers": {"Accept": ["a", "b"]}}
    response = {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": BODY.decode()}}
    document = {"version": 1, "interactions": [{"request": request, "response": response}]}
    exchange = only(write(tmp_path / "c.json", json.dumps(document, indent=4)))
    assert exchange.request.headers == {"accept": "a, b"}
    assert exchange.request.body == b""
    assert exchange.response is not None
    assert exchange.response.body == BODY


CODINGS = {
    "gzip": gzip.compress(BODY),
    "deflate": zlib.compress(BODY),
    "br": brotli.compress(BODY),
    "zstd": zstd.compress(BODY),
}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("decoded", [False, True], ids=["still-coded", "decoded-by-the-recorder"])
def test_a_coded_body_is_decoded_once(tmp_path: Path, coding: str, *, decoded: bool) -> None:
    stored = BODY if decoded else CODINGS[coding]
    body = f"!!binary {base64.b64encode(stored).decode()}"
    text = VCRPY.replace(f"'{BODY.decode()}'", body).replace("Date:", f"Content-Encoding: [{coding}]\n      Date:")
    assert answer(write(tmp_path / "c.yaml", text)) == BODY


def test_a_truncated_gzip_body_gives_what_can_be_read(tmp_path: Path) -> None:
    whole = b"data: {}\n\n" * 400
    stored = base64.b64encode(zlib.compress(whole)[:-6]).decode()
    response = {"status": 200, "headers": {"content-encoding": "deflate"}, "body_base64": stored}
    body = answer(write(tmp_path / "c.jsonl", json.dumps(row(response=response))))
    assert body
    assert whole.startswith(body)


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param("!!binary aGVs\n        bG8=", id="binary"),
        pytest.param(
            "!!python/object/new:_io.BytesIO {state: !!python/tuple [!!binary aGVsbG8=, 0, null]}", id="BytesIO"
        ),
        pytest.param("!!python/object/apply:builtins.iter {args: [[!!binary aGVs, !!binary bG8=]]}", id="iterator"),
        pytest.param("!!python/unicode 'hello'", id="unicode"),
        pytest.param("hello", id="text"),
    ],
)
def test_a_body_that_python_pickled_is_its_bytes(tmp_path: Path, stored: str) -> None:
    text = VCRPY.replace(f"'{BODY.decode()}'", stored)
    assert answer(write(tmp_path / "c.yaml", text)) == b"hello"


def test_a_base64_string_is_its_bytes(tmp_path: Path) -> None:
    text = VCRPY.replace('string: \'{"id"', 'base64_string: aGVsbG8=\n      was: \'{"id"')
    assert answer(write(tmp_path / "c.yaml", text)) == b"hello"


def test_a_header_name_of_a_foreign_type_is_its_text(tmp_path: Path) -> None:
    foreign = "? !!python/object/apply:multidict._multidict.istr [Content-Type]\n      : - application/json"
    text = VCRPY.replace("Content-Type:\n      - application/json", foreign)
    assert only(write(tmp_path / "c.yaml", text)).request.headers == {"content-type": "application/json"}


def test_no_tag_of_a_cassette_is_executed(tmp_path: Path) -> None:
    hit = tmp_path / "hit"
    payload = f"!!python/object/apply:os.system ['touch {hit}']"
    list(read_exchanges(write(tmp_path / "c.yaml", VCRPY.replace(f"'{BODY.decode()}'", payload))))
    assert not hit.exists()


def test_a_parsed_body_carries_its_fidelity(tmp_path: Path) -> None:
    parsed = "parsed_body:\n      id: chatcmpl-1\n      created: 2025-10-26\n    was:\n      string: x"
    text = VCRPY.replace(f"body:\n      string: '{BODY.decode()}'", parsed)
    exchange = only(write(tmp_path / "c.yaml", text))
    assert exchange.fidelity == "parsed"
    assert not exchange.on_wire
    assert exchange.response is not None
    assert exchange.response.document.value == {"id": "chatcmpl-1", "created": "2025-10-26"}


def test_the_httpx_cassettes_of_old_vcrpy_are_read(tmp_path: Path) -> None:
    head, _, _ = VCRPY.partition("  response:")
    text = f"{head}  response:\n    content: '{BODY.decode()}'\n    headers: {{}}\n    http_version: HTTP/1.1\n    status_code: 404\n"
    exchange = only(write(tmp_path / "c.yaml", text))
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.body) == (404, BODY)


def test_one_cassette_is_one_session(tmp_path: Path) -> None:
    both = VCRPY.replace("version: 1\n", "") + VCRPY.partition("interactions:\n")[2]
    path = write(tmp_path / "c.yaml", both)
    exchanges = [each for each in read_exchanges(path) if isinstance(each, Exchange)]
    assert [each.session for each in exchanges] == [path.as_posix()] * 2
    assert [each.id for each in exchanges] == [f"{path.as_posix()}#0", f"{path.as_posix()}#1"]


@pytest.mark.parametrize(
    ("encoding", "stored", "body"),
    [
        pytest.param("ASCII-8BIT", "!binary |-\n        4oKs", "€".encode(), id="binary-tag"),
        pytest.param("ASCII-8BIT", '"\\xE2\\x82\\xAC"', "€".encode(), id="bytes-as-characters"),
        pytest.param("ASCII-8BIT", "€", "€".encode(), id="text-labelled-binary"),
        pytest.param("ISO-8859-1", "é", b"\xe9", id="latin-1"),
        pytest.param("UTF-8", "é", "é".encode(), id="utf-8"),
        pytest.param("no-such", "é", "é".encode(), id="unknown-encoding"),
    ],
)
def test_a_ruby_string_is_the_bytes_that_ruby_held(tmp_path: Path, encoding: str, stored: str, body: bytes) -> None:
    head, _, tail = RUBY.rpartition("encoding: UTF-8")
    text = f"{head}encoding: {encoding}{tail}".replace(f"'{BODY.decode()}'", stored)
    assert answer(write(tmp_path / "c.yml", text)) == body


def test_har_pages_are_sessions_and_entries_without_one_stand_alone(tmp_path: Path) -> None:
    document = har(pageref="page_1")
    document["log"]["entries"].append(har()["log"]["entries"][0])
    path = write(tmp_path / "a.har", json.dumps(document))
    assert [each.session for each in read_exchanges(path) if isinstance(each, Exchange)] == ["page_1", None]


def test_har_timings_become_seconds_since_sending(tmp_path: Path) -> None:
    timings = {"blocked": -1, "dns": -1, "connect": 5, "send": 2, "wait": 100, "receive": 50.5}
    timing = only(write(tmp_path / "a.har", json.dumps(har(timings=timings)))).timing
    assert timing is not None
    assert (timing.sent, timing.headers, timing.end) == pytest.approx((0.002, 0.102, 0.1525))
    assert timing.chunks == ()


@pytest.mark.parametrize(
    "text",
    [base64.b64encode(BODY).decode(), json.dumps([base64.b64encode(part).decode() for part in (BODY[:10], BODY[10:])])],
    ids=["base64", "pieces-as-polly-writes-them"],
)
def test_har_base64_is_decoded(tmp_path: Path, text: str) -> None:
    response = {"status": 200, "headers": [], "content": {"text": text, "encoding": "base64", "size": len(BODY)}}
    assert answer(write(tmp_path / "a.har", json.dumps(har(response=response)))) == BODY


@pytest.mark.parametrize(
    "response",
    [{"status": 0, "headers": [], "content": {}}, {"status": 200, "headers": [], "content": {"size": 210}}],
    ids=["never-answered", "body-not-kept"],
)
def test_a_har_entry_whose_body_is_unknown_has_no_response(tmp_path: Path, response: dict[str, Any]) -> None:
    assert only(write(tmp_path / "a.har", json.dumps(har(response=response)))).response is None


def test_jsonl_keeps_every_field(tmp_path: Path) -> None:
    timing = {"connect": None, "headers": 0.1, "chunks": [[0.2, 40], [0.3, len(BODY) - 40]]}
    fields = {"id": "x1", "session": "s", "provider": "p", "dialect": "d", "fidelity": "normalised", "meta": {"k": 1}}
    exchange = only(write(tmp_path / "a.jsonl", json.dumps(row(**fields, timing=timing))))
    assert {name: getattr(exchange, name) for name in fields} == fields
    assert exchange.timing is not None
    assert exchange.timing.headers == 0.1
    assert exchange.timing.chunks == ((0.2, 40), (0.3, len(BODY) - 40))


def test_jsonl_takes_bodies_as_text_json_and_base64(tmp_path: Path) -> None:
    raw = b'\xff\x00 "\xc3'
    bodies = [
        {"body": "t\r\n"},
        {"body": {"a": "ü"}},
        {"body_base64": base64.b64encode(raw).decode()},
        {"body": None},
        {},
    ]
    lines = [json.dumps(row(response={"status": None, "eof": "reset", **body})) for body in bodies]
    exchanges = list(read_exchanges(write(tmp_path / "a.jsonl", "\n".join(lines))))
    found = [each.response.body for each in exchanges if isinstance(each, Exchange) and each.response]
    assert found == [b"t\r\n", '{"a": "ü"}'.encode(), raw, b"", b""]


def test_jsonl_takes_lone_surrogates_and_nan(tmp_path: Path) -> None:
    line = json.dumps(row()).replace('"status"', '"body_was": NaN, "status"').replace("chatcmpl-1", "\\ud800")
    assert b"\xed\xa0\x80" in answer(write(tmp_path / "a.jsonl", line))


def test_jsonl_takes_no_answer(tmp_path: Path) -> None:
    assert only(write(tmp_path / "a.jsonl", json.dumps(row(response=None)))).response is None


def test_chunks_that_do_not_sum_to_the_body_are_not_used(tmp_path: Path) -> None:
    timing = only(write(tmp_path / "a.jsonl", json.dumps(row(timing={"headers": 0.1, "chunks": [[0.2, 7]]})))).timing
    assert timing is not None
    assert (timing.headers, timing.chunks) == (0.1, ())


def test_jsonl_is_read_line_by_line() -> None:
    def endless() -> Any:
        while True:
            yield json.dumps(row()).encode()

    lines = read_lines(endless(), "endless")
    assert [next(lines).interaction for _ in range(3)] == [0, 1, 2]  # type: ignore[union-attr]


def test_a_broken_line_is_said_with_its_number_and_the_rest_is_read(tmp_path: Path) -> None:
    good = json.dumps(row())
    path = write(tmp_path / "a.jsonl", f"{good}\n\n{good[:90]}\n{good}\n")
    first, broken, last = read_exchanges(path)
    assert isinstance(first, Exchange)
    assert isinstance(broken, Unreadable)
    assert broken.error.startswith(f"{path.as_posix()}:3: not JSON: ")
    assert isinstance(last, Exchange)
    assert (broken.interaction, last.interaction) == (1, 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            VCRPY.replace("method: POST", "method: 'POST"), ":11: not YAML: did not find expected key", id="broken-yaml"
        ),
        pytest.param(
            VCRPY.replace("    method: POST\n", ""), ":2: interactions[0].request.method is missing", id="no-method"
        ),
        pytest.param("interactions: 7\n", ":1: interactions 7, expected list", id="no-list"),
        pytest.param(
            VCRPY.replace("code: 200", "code: fine"), ':17: interactions[0].response.status is "fine"', id="no-status"
        ),
        pytest.param('{"log": {"entries": [', ":1: not JSON", id="broken-har"),
        pytest.param(
            "interactions: " + "[" * 200_000, "over 200 levels deep | maximum nesting depth", id="hostile-depth"
        ),
        pytest.param("", "is empty", id="empty"),
        pytest.param("name: compose\nservices: {}\n", "is no recording of a known format", id="foreign-yaml"),
        pytest.param(gzip.compress(VCRPY.encode())[:-30], "cannot be read", id="truncated-gzip"),
        pytest.param("interactions: [\x01]", "control characters are not allowed", id="control-character"),
        pytest.param(VCRPY.encode().replace(b"chatcmpl", b"\xff\xfe"), "not YAML", id="not-utf-8"),
    ],
)
def test_what_cannot_be_read_is_said_on_one_line_with_its_place(tmp_path: Path, text: str | bytes, said: str) -> None:
    path = write(tmp_path / "c", text)
    error = refused(path)
    assert error.startswith(path.as_posix())
    assert any(words in error for words in said.split(" | "))


def test_aliases_that_expand_without_bound_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "aliases expand without bound" in refused(
        write(tmp_path / "c.yaml", "\n".join(["interactions: []", *lines]))
    )


def test_a_missing_file_and_a_folder_without_recordings_are_said(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refused(tmp_path / "nothing.yaml")
    (folder,) = find_files([tmp_path])
    assert "no recording in this folder" in refused(folder)


def test_a_folder_is_walked_in_order_and_what_is_no_recording_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b/z.yml", "a.yaml", "c.yaml.gz", ".git/x.yaml"):
        write(tmp_path / name, gzip.compress(VCRPY.encode()) if name.endswith("gz") else VCRPY)
    write(tmp_path / "package.json", '{"name": "x", "request": 1}')
    write(tmp_path / "notes.yaml", "request: none\n")
    write(tmp_path / "a.md", VCRPY)
    write(tmp_path / "rows.jsonl", '{"ttft": 0.1, "text": "\\"request\\": {}"}\n')
    (tmp_path / "broken.json").write_text('{"interactions": [')
    found = [path.relative_to(tmp_path).as_posix() for path in find_files([tmp_path])]
    assert found == ["a.yaml", "broken.json", "c.yaml.gz", "b/z.yml"]


GOOD = row(id="x1", session="s1", timing={"headers": 0.11, "chunks": [[0.12, 49]]}, meta={}, fidelity="full")
BAD = [
    pytest.param(row(fidelity="perfect"), "fidelity: 'perfect' is not one of", id="fidelity"),
    pytest.param(row(request={"url": URL}), "request: 'method' is a required property", id="no-method"),
    pytest.param(row(response={"status": "200"}), "response.status: '200' is not of type", id="status"),
    pytest.param(row(timing={"chunks": [[0.1]]}), "timing", id="chunk"),
    pytest.param(
        row(request={"method": "GET", "url": URL, "body": "x", "body_base64": "eA=="}), "request", id="two-bodies"
    ),
    pytest.param([], "is not of type 'object'", id="no-object"),
    pytest.param(row(recorded_at="yesterday"), "recorded_at is no date: 'yesterday'", id="date"),
]


def test_the_exchange_schema_takes_a_good_example() -> None:
    Draft202012Validator.check_schema(load_schema("exchange"))
    (exchange,) = read_lines([json.dumps(GOOD).encode()], "x")
    assert isinstance(exchange, Exchange)


@pytest.mark.parametrize(("line", "said"), BAD)
def test_the_exchange_schema_refuses_a_bad_example(line: object, said: str) -> None:
    (problem,) = read_lines([json.dumps(line).encode()], "x")
    assert isinstance(problem, Malformed)
    assert said in problem.what


def test_a_body_that_grows_without_bound_is_one_unreadable_line(tmp_path: Path) -> None:
    coded = base64.b64encode(gzip.compress(gzip.compress(bytes(64 << 20)))).decode()
    row = {
        "request": {"method": "POST", "url": "https://h.example/v1/chat/completions"},
        "response": {"status": 200, "headers": {"content-encoding": "gzip, gzip"}, "body_base64": coded},
    }
    path = tmp_path / "bomb.jsonl"
    path.write_text(f"{json.dumps(row)}\n{json.dumps({**row, 'response': None})}\n")
    bomb, other = read_exchanges(path)
    assert isinstance(bomb, Unreadable)
    assert "too large once decoded" in bomb.error
    assert not isinstance(other, Unreadable)


@pytest.mark.parametrize("name", ["bomb.jsonl", "bomb.yaml"])
def test_a_gzipped_file_that_grows_without_bound_is_one_unreadable_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(compressed, "FREE", 1 << 20)
    start = b'{"request": {"body": "' if name.endswith("jsonl") else b"interactions: ["
    path = tmp_path / name
    path.write_bytes(gzip.compress(start + b" " * (4 << 20)))
    (item,) = read_exchanges(path)
    assert isinstance(item, Unreadable)
    assert "which no recording does" in item.error
