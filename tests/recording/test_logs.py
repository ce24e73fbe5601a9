"""Exports of observability tools, bodies kept apart, and lines that are no exchange: each is read, or said once."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from form_samples import ANSWER, ASKED, SAMPLES, URL
from log_samples import EVENTS, LOGS, observation, run

from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.rules.judging import judge
from conformance.runs.whose import why_skipped
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, name: str, data: bytes) -> list[Exchange | Unreadable]:
    (folder / name).write_bytes(data)
    return list(read_exchanges(folder / name))


def one(folder: Path, name: str, data: bytes) -> Exchange:
    (exchange,) = written(folder, name, data)
    assert isinstance(exchange, Exchange), exchange
    return exchange


@pytest.mark.parametrize("name", LOGS)
def test_an_export_is_read_with_its_answer_and_without_a_finding(name: str, tmp_path: Path) -> None:
    exchange = one(tmp_path, name, LOGS[name])
    case = Case(exchange)
    assert case.dialect is not None
    assert case.dialect.name == "openai-chat"
    assert [choice.text for choice in case.reply.choices] == ["Loire"]
    assert case.reply.choices[0].finish_reason == "stop"
    assert [finding for finding in judge(case).findings if finding.severity == "error"] == []
    assert list(find_files([tmp_path])) == [tmp_path / name]


def test_messages_of_a_log_claim_no_wire_and_no_usage(tmp_path: Path) -> None:
    for row in (observation(usageDetails={}), run(outputs={"generations": [[{"text": "Loire"}]]})):
        exchange = one(tmp_path, "rows.json", json.dumps([row]).encode())
        assert not exchange.on_wire
        assert not judge(Case(exchange)).findings


def test_a_failed_call_of_a_log_is_skipped_with_its_error(tmp_path: Path) -> None:
    failed = observation(level="ERROR", statusMessage="overloaded", output=None)
    assert why_skipped(Case(one(tmp_path, "a.json", json.dumps([failed]).encode()))) == "its record tells overloaded"
    broken = run(error="timeout", outputs=None)
    assert why_skipped(Case(one(tmp_path, "b.json", json.dumps([broken]).encode()))) == "its record tells timeout"


def test_errors_of_batches_and_logs_are_answers(tmp_path: Path) -> None:
    refused = {"error": {"message": "no", "type": "invalid_request_error", "param": None, "code": None}}
    of_type = {"type": "error", "error": {"type": "invalid_request_error", "message": "no"}}
    rows: list[tuple[dict[str, Any], str]] = [
        ({"custom_id": "a", "response": {"status_code": 400, "body": refused}, "error": None}, "openai-chat"),
        ({"custom_id": "b", "result": {"type": "errored", "error": of_type}}, "anthropic-messages"),
        ({"request": ASKED, "response": refused, "status": 400}, "openai-chat"),
        ({"request": {"contents": []}, "response": {"error": {"code": 400, "message": "no"}}, "status": 400}, "gemini"),
    ]
    for row, dialect in rows:
        exchange = one(tmp_path, "rows.jsonl", json.dumps(row).encode())
        assert (exchange.dialect, exchange.response and exchange.response.status) == (dialect, 400)
    expired = one(tmp_path, "rows.jsonl", b'{"custom_id": "c", "result": {"type": "expired"}}')
    assert why_skipped(Case(expired)) == "the batch tells expired"


def test_a_body_beside_its_recording_is_read_as_bytes_and_none_outside(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("{}")
    folder = tmp_path / "tapes"
    folder.mkdir()
    (folder / "a.bin").write_bytes(json.dumps(ANSWER).encode())
    texts = {}
    for path in ("a.bin", "../secret"):
        body = {"kind": "binary", "path": path, "contentType": "application/json"}
        entry = {"request": {"url": URL, "method": "POST", "body": {"kind": "json", "value": ASKED}}}
        document = {"entries": [{**entry, "response": {"status": 200, "headers": {}, "body": body}}]}
        (folder / "tape.json").write_text(json.dumps(document, indent=1))
        (texts[path],) = read_exchanges(folder / "tape.json")
    good, outside = texts.values()
    assert isinstance(good, Exchange)
    assert good.response is not None
    assert good.response.body == json.dumps(ANSWER).encode()
    assert isinstance(outside, Unreadable)
    assert "is kept in '../secret', expected that file beside the recording" in outside.error


def test_a_file_of_a_stub_keeps_its_bytes(tmp_path: Path) -> None:
    frames = bytes(range(256))
    (tmp_path / "__files").mkdir()
    (tmp_path / "__files" / "answer.bin").write_bytes(frames)
    stub = {
        "request": {"urlPath": "/model/m/converse-stream"},
        "response": {"status": 200, "bodyFileName": "answer.bin"},
    }
    (tmp_path / "mappings").mkdir()
    exchange = one(tmp_path / "mappings", "stub.json", json.dumps(stub, indent=1).encode())
    assert exchange.response is not None
    assert exchange.response.body == frames


def test_a_body_that_a_stub_names_is_read_once_and_another_by_itself(tmp_path: Path) -> None:
    for folder in ("__files", "mappings"):
        (tmp_path / folder).mkdir()
    for name in ("named.json", "alone.json"):
        (tmp_path / "__files" / name).write_text(json.dumps(ANSWER, indent=1))
    stub = {"request": {"urlPath": "/v1/chat/completions"}, "response": {"bodyFileName": "named.json"}}
    (tmp_path / "mappings" / "stub.json").write_text(json.dumps(stub, indent=1))
    assert [path.name for path in find_files([tmp_path])] == ["alone.json", "stub.json"]


def test_lines_that_are_all_no_exchange_are_one_file_of_no_known_form(tmp_path: Path) -> None:
    path = tmp_path / "training.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "x"}], "finish_reason": 1}\n' * 30)
    (told,) = read_exchanges(path)
    assert isinstance(told, Unreadable)
    assert "none of its 30 lines is an exchange" in told.error
    (passed,) = read_exchanges(path, named=False)
    assert isinstance(passed, Unreadable)
    assert passed.passed_over == "of lines that are no exchanges"


def test_a_line_that_is_no_exchange_among_some_costs_itself_only(tmp_path: Path) -> None:
    lines = [b'{"level": "info"}'] * 3 + [SAMPLES["bodies.jsonl"]] + [b'{"level": "info"}']
    items = written(tmp_path, "mixed.jsonl", b"\n".join(lines))
    assert [isinstance(item, Exchange) for item in items] == [False, False, False, True, False]


def test_prose_that_is_no_yaml_is_passed_over_and_a_broken_cassette_is_not(tmp_path: Path) -> None:
    text = "request: a\nresponse: b\n\tand: [so on\nfinish_reason HTTP/1.1"
    for name, passed in (("notes.txt", "of no known form"), ("tape.yaml", None)):
        (tmp_path / name).write_text(text)
        (item,) = read_exchanges(tmp_path / name, named=False)
        assert isinstance(item, Unreadable)
        assert item.passed_over == passed


def test_documents_that_share_a_recorder_s_word_are_passed_over(tmp_path: Path) -> None:
    others = {
        "eval.yml": "interactions:\n- flow: greeting\n  inputs: [hello]\n",
        "edits.json": '{\n"log": [{"kind": "meta"}]\n}',
        "server.json": '{\n"log": {"level": "debug"}\n}',
    }
    for name, told in others.items():
        (tmp_path / name).write_text(told)
        (item,) = read_exchanges(tmp_path / name, named=False)
        assert isinstance(item, Unreadable)
        assert item.passed_over == "of no known form", item


def test_a_stream_that_is_cut_stays_cut(tmp_path: Path) -> None:
    whole = one(tmp_path, "a.sse", EVENTS.rstrip().encode())
    cut = one(tmp_path, "b.sse", EVENTS.rstrip()[:-5].encode())
    assert Case(whole).reply.choices[0].finish_reason == "stop"
    assert Case(cut).reply.choices[0].finish_reason is None


def test_frames_of_an_event_stream_alone_are_read(tmp_path: Path) -> None:
    names = b"".join(
        bytes([len(name)]) + name + b"\x07" + struct.pack(">H", len(value)) + value
        for name, value in ((b":event-type", b"messageStart"),)
    )
    payload = b'{"role":"assistant"}'
    prelude = struct.pack(">II", 16 + len(names) + len(payload), len(names))
    frame = prelude + struct.pack(">I", zlib.crc32(prelude)) + names + payload
    exchange = one(tmp_path, "stream.bin", frame + struct.pack(">I", zlib.crc32(frame)))
    assert (exchange.dialect, exchange.fidelity) == ("bedrock-converse", "response-only")
    assert list(find_files([tmp_path])) == [tmp_path / "stream.bin"]


def test_a_form_whose_file_is_a_line_in_base64_is_the_bytes_that_were_sent(tmp_path: Path) -> None:
    sound = bytes(range(200))
    parts = ["--b\r\n", "Content-Disposition: form-data; name=file; filename=a.mp3\r\n", "\r\n"]
    parts += [f"b64://{base64.b64encode(sound).decode()}", "\r\n", "--b\r\n"]
    parts += ["Content-Disposition: form-data; name=stream\r\n", "\r\n", "true", "\r\n", "--b--\r\n"]
    entry = {
        "RequestUri": "https://api.example.com/v1/audio/transcriptions", "RequestMethod": "POST",
        "RequestHeaders": {"Content-Type": "multipart/form-data; boundary=b"}, "RequestBody": parts, "StatusCode": 200,
        "ResponseHeaders": {}, "ResponseBody": {"text": "x"},
    }  # fmt: skip
    exchange = one(tmp_path, "a.json", json.dumps({"Entries": [entry]}, indent=1).encode())
    assert sound in exchange.request.body
    assert exchange.request.json["stream"] == "true"


def test_a_stream_of_bare_choices_with_texts_is_one_of_completions(tmp_path: Path) -> None:
    choices = (
        [{"index": 0, "finish_reason": None}],
        [{"index": 0, "text": "Loire"}],
        [{"index": 0, "text": "", "finish_reason": "stop"}],
    )
    body = "".join(f"data: {json.dumps({'id': 'c', 'choices': item})}\n\n" for item in choices)
    assert one(tmp_path, "a.sse", body.encode()).dialect == "openai-completions"
    deltas = "".join(
        f"data: {json.dumps({'id': 'c', 'choices': [{'index': 0, 'delta': {'content': word}}]})}\n\n" for word in "ab"
    )
    assert one(tmp_path, "b.sse", deltas.encode()).dialect == "openai-chat"


def test_what_is_wrong_is_counted_without_its_place(tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_text('{"interactions": [')
    (tmp_path / "bad.yaml").write_text("interactions:\n- request: {}\n  response: {}\n")
    reasons = [
        item.reason
        for name in ("cut.json", "bad.yaml")
        for item in read_exchanges(tmp_path / name)
        if isinstance(item, Unreadable)
    ]
    assert reasons == ["not JSON", "interactions[N].request.method is missing"]


def test_words_that_a_protocol_uses_too_are_no_answer_of_it(tmp_path: Path) -> None:
    others = (
        {"input": "Which?", "choices": ["a", "b"], "target": "A"},
        {"question": "x", "candidates": ["a"]},
        {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": []},
    )
    for row in others:
        (item,) = written(tmp_path, "row.json", json.dumps(row).encode())
        assert isinstance(item, Unreadable), row


def test_a_stub_s_template_is_no_answer(tmp_path: Path) -> None:
    answered = {"body": '{"created": {{now}}}', "transformers": ["response-template"]}
    stub = {"request": {"urlPath": "/v1/chat/completions"}, "response": answered}
    assert why_skipped(Case(one(tmp_path, "stub.json", json.dumps(stub, indent=1).encode()))) == "no response"


def test_an_agent_s_transcript_is_no_stream_of_an_answer(tmp_path: Path) -> None:
    said = {"role": "assistant", "content": [], "usage": {"input": 0}, "stopReason": "stop"}
    rows = [
        {"type": "agent_start"},
        {"type": "message_start", "message": said},
        {"type": "message_end", "message": said},
    ]
    items = written(tmp_path, "agent.jsonl", "\n".join(map(json.dumps, rows)).encode())
    assert not any(isinstance(item, Exchange) for item in items)
