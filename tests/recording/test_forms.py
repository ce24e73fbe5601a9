"""Every form of recording that people have: each is read as what it is, and none is taken for another."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import yaml
from form_samples import ANSWER, ASKED, URL
from form_samples import SAMPLES as OF_RECORDERS
from form_variants import VARIANTS
from log_samples import LOGS
from span_samples import SPANS

from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.recording.importers.forms import FORMS
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = {**OF_RECORDERS, **SPANS}
#: Samples that are no document, and those whose one line is an exchange of our own format or a log of bodies.
LINES = (
    "httprr.httprr",
    "stream.sse",
    "exchanges.jsonl",
    "trace.jsonl",
    "batch.jsonl",
    "logging.jsonl",
    "bodies.jsonl",
    "otlp-collector.jsonl",
    "otlp-details.jsonl",
)


def exchange_of(folder: Path, name: str) -> Exchange:
    path = folder / name
    path.write_bytes(SAMPLES[name])
    (exchange,) = read_exchanges(path)
    assert isinstance(exchange, Exchange), exchange
    return exchange


@pytest.mark.parametrize("name", SAMPLES)
def test_a_recording_of_every_form_is_read_with_its_answer(name: str, tmp_path: Path) -> None:
    exchange = exchange_of(tmp_path, name)
    assert exchange.response is not None
    assert exchange.response.status == 200
    case = Case(exchange)
    assert case.dialect is not None
    assert case.dialect.name == "openai-chat"
    assert [choice.text for choice in case.reply.choices] == ["Loire"]
    assert case.reply.choices[0].finish_reason == "stop"


@pytest.mark.parametrize("name", VARIANTS)
def test_another_version_of_a_recorder_is_read_alike_by_name_and_in_a_folder(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(VARIANTS[name])
    (exchange,) = read_exchanges(path)
    assert isinstance(exchange, Exchange), exchange
    case = Case(exchange)
    assert case.dialect is not None
    assert case.dialect.name == "openai-chat"
    assert [choice.text for choice in case.reply.choices] == ["Loire"]
    assert case.reply.choices[0].finish_reason == "stop"
    assert list(find_files([tmp_path])) == [path]


def test_no_variant_is_taken_for_another_form() -> None:
    twice = {}
    for name, data in {**VARIANTS, **LOGS}.items():
        text = gzip.decompress(data) if name.endswith(".gz") else data
        if name.endswith((".json", ".har")):
            twice[name] = [form.name for form in FORMS if form.claims(orjson.loads(text))]
        elif name.removesuffix(".gz").endswith((".yaml", ".yml")):
            twice[name] = [
                form.name for document in yaml.safe_load_all(text) for form in FORMS if form.claims(document)
            ]
    assert {name: forms for name, forms in twice.items() if len(forms) != 1} == {}


def test_lines_that_are_chunks_are_one_stream_and_a_new_id_begins_another(tmp_path: Path) -> None:
    chunk = {"object": "chat.completion.chunk", "created": 1, "model": "m"}
    pieces = [{**chunk, "id": name, "choices": [{"index": 0, "delta": {"content": name}}]} for name in "aabb"]
    path = tmp_path / "chunks.jsonl"
    path.write_text("".join(json.dumps(piece) + "\n" for piece in pieces))
    exchanges = [item for item in read_exchanges(path) if isinstance(item, Exchange)]
    assert [Case(item).reply.choices[0].text for item in exchanges] == ["aa", "bb"]
    assert {item.fidelity for item in exchanges} == {"chunks-only"}


def _gemini(text: str, reason: str | None = None, name: str = "r1") -> dict[str, Any]:
    candidate = {"content": {"parts": [{"text": text}], "role": "model"}, "index": 0}
    return {"candidates": [candidate | ({"finishReason": reason} if reason else {})], "responseId": name}


def _completion(text: str, reason: str | None = None, name: str = "cmpl-1") -> dict[str, Any]:
    choice = {"index": 0, "text": text, "logprobs": None, "finish_reason": reason}
    return {"id": name, "object": "text_completion", "created": 1790000000, "model": "m", "choices": [choice]}


@pytest.mark.parametrize("form", ["lines", "array"])
@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([_gemini("a"), _gemini("a", "STOP")], id="gemini"),
        pytest.param([_completion("a"), _completion("a", "stop")], id="completions"),
        pytest.param(
            [{"id": "c", "created": 1, "model": "m", "choices": [{"index": 0, "delta": {"content": "a"}}]}] * 2,
            id="chunks that do not say so",
        ),
        pytest.param(
            [
                {"choices": [], "prompt_filter_results": [], "id": "", "object": "", "model": ""},
                {"id": "c", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "aa"}}]},
            ],
            id="what a filter found first",
        ),
    ],
)
def test_pieces_of_one_id_are_one_stream(tmp_path: Path, pieces: list[Any], form: str) -> None:
    path = tmp_path / ("pieces.jsonl" if form == "lines" else "pieces.json")
    path.write_text(json.dumps(pieces, indent=1) if form == "array" else "".join(json.dumps(p) + "\n" for p in pieces))
    (exchange,) = read_exchanges(path)
    assert isinstance(exchange, Exchange)
    assert Case(exchange).reply.choices[0].text == "aa"
    assert exchange.fidelity == "chunks-only"


@pytest.mark.parametrize(("first", "part"), [("interaction.created", "step"), ("interaction.start", "content")])
def test_events_of_an_interaction_are_one_answer(tmp_path: Path, first: str, part: str) -> None:
    whole = {"id": "v1_a", "object": "interaction", "model": "m"}
    events: list[dict[str, Any]] = [
        {"event_type": first, "interaction": {**whole, "status": "in_progress"}},
        {"event_type": f"{part}.start", "index": 0, part: {"type": "model_output" if part == "step" else "text"}},
        {"event_type": f"{part}.delta", "index": 0, "delta": {"type": "text", "text": "Rain."}},
        {"event_type": f"{part}.stop", "index": 0},
        {"event_type": "interaction.completed", "interaction": {**whole, "status": "completed"}},
    ]
    path = tmp_path / "events.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in events))
    (exchange,) = read_exchanges(path)
    assert isinstance(exchange, Exchange)
    assert exchange.dialect == "gemini-interactions"
    assert Case(exchange).reply.choices[0].text == "Rain."


def test_a_recording_is_found_behind_a_request_that_fills_all_that_is_looked_at(tmp_path: Path) -> None:
    picture = f"data:image/png;base64,{'A' * 400_000}"
    content = [{"type": "image_url", "image_url": {"url": picture}}]
    asked = {"model": "m", "messages": [{"role": "user", "content": content}]}
    pair = {"request": {"method": "POST", "url": URL, "body": asked}, "response": {"status": 200, "body": ANSWER}}
    (tmp_path / "seen.json").write_text(json.dumps(pair, indent=1))
    (path,) = find_files([tmp_path])
    (exchange,) = read_exchanges(path, named=False)
    assert isinstance(exchange, Exchange)
    assert Case(exchange).reply.choices


@pytest.mark.parametrize("answer", [_gemini, _completion])
@pytest.mark.parametrize("reason", [None, "stop"])
def test_answers_of_several_ids_are_answers_even_where_one_has_not_ended(
    tmp_path: Path, answer: Any, reason: str | None
) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps(answer("a", reason, name)) + "\n" for name in ("one", "two")))
    exchanges = list(read_exchanges(path))
    assert [Case(item).reply.choices[0].text for item in exchanges if isinstance(item, Exchange)] == ["a", "a"]
    assert not any(Case(item).reply.streamed for item in exchanges if isinstance(item, Exchange))


def test_an_error_event_belongs_to_the_stream_that_it_ends(tmp_path: Path) -> None:
    begun = {
        "type": "response.created",
        "sequence_number": 0,
        "response": {"id": "r", "object": "response", "output": []},
    }
    failed = {"type": "error", "sequence_number": 1, "error": {"type": "insufficient_quota", "message": "no"}}
    path = tmp_path / "failed.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in (begun, failed)))
    (exchange,) = read_exchanges(path)
    assert isinstance(exchange, Exchange)
    assert Case(exchange).reply.errors


def test_an_answer_of_cohere_is_known_by_its_members(tmp_path: Path) -> None:
    message = {"role": "assistant", "content": [{"type": "text", "text": "Rain."}]}
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"id": "a", "message": message, "finish_reason": "COMPLETE", "usage": {}}, indent=1))
    (exchange,) = read_exchanges(path)
    assert isinstance(exchange, Exchange)
    assert exchange.dialect == "cohere"


def test_lines_of_ollama_s_stream_are_one_answer(tmp_path: Path) -> None:
    line = {"model": "m", "created_at": "2026-06-01T00:00:00Z", "message": {"role": "assistant", "content": "a"}}
    path = tmp_path / "chat.ndjson"
    path.write_text("".join(json.dumps({**line, "done": done}) + "\n" for done in (False, False, True)))
    (exchange,) = read_exchanges(path)
    assert isinstance(exchange, Exchange)
    assert Case(exchange).reply.choices[0].text == "aaa"


def test_what_was_asked_is_read_from_every_form_that_holds_it(tmp_path: Path) -> None:
    silent = {"stream.sse", "body.json", "batch.jsonl"}
    lost = {name for name in set(SAMPLES) - silent if Case(exchange_of(tmp_path, name)).asked.model != "aurora-2"}
    assert not lost


def test_no_form_is_taken_for_another() -> None:
    documents: dict[str, Any] = {}
    for name, data in SAMPLES.items():
        if name not in LINES:
            text = gzip.decompress(data) if name.endswith(".gz") else data
            documents[name] = orjson.loads(text) if text[:1] in b"{[" else yaml.safe_load(text)
    twice = {
        name: claimed
        for name, document in documents.items()
        if len(claimed := [form.name for form in FORMS if form.claims(document)]) != 1
    }
    assert not twice


def test_a_body_alone_claims_no_header_no_framing_and_no_request(tmp_path: Path) -> None:
    claims = {
        name: exchange_of(tmp_path, name).fidelity
        for name in ("stream.sse", "body.json", "batch.jsonl", "bodies.jsonl")
    }
    assert set(claims.values()) <= {"response-only", "parsed"}
    assert not any(exchange_of(tmp_path, name).on_wire for name in claims)


def test_what_a_recorder_withheld_is_no_header(tmp_path: Path) -> None:
    assert "content-type" not in exchange_of(tmp_path, "langchain.yaml.gz").request.headers


def test_a_folder_passes_over_what_holds_no_exchange_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text('{\n "request": {"type": "object"},\n "response": {"type": "object"}\n}\n')
    (tmp_path / "good.json").write_bytes(SAMPLES["nock.json"])
    files = list(find_files([tmp_path]))
    items = [item for path in files for item in read_exchanges(path, named=False)]
    assert [item.passed_over for item in items if isinstance(item, Unreadable)] == ["of no known form"]
    (named,) = read_exchanges(tmp_path / "schema.json")
    assert isinstance(named, Unreadable)
    assert named.passed_over is None


@pytest.mark.filterwarnings("default::DeprecationWarning")  # mitmproxy's own
def test_a_flow_file_names_the_converter_or_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.flow"
    path.write_bytes(b"1234:9:websocket;0:~7:request;100:")
    (problem,) = read_exchanges(path)
    assert isinstance(problem, Unreadable)
    assert "hardump" in problem.error or "flow 0" in problem.error


@pytest.mark.filterwarnings("default::DeprecationWarning")  # mitmproxy's own
def test_flows_are_read_by_mitmproxy_s_own_package(tmp_path: Path) -> None:
    pytest.importorskip("mitmproxy", reason="mitmproxy is not installed")
    from mitmproxy import http, io  # noqa: PLC0415
    from mitmproxy.test import tflow  # noqa: PLC0415

    flow = tflow.tflow(resp=True)
    flow.request = http.Request.make("POST", URL, json.dumps(ASKED), {"content-type": "application/json"})
    coded = gzip.compress(json.dumps(ANSWER).encode())
    flow.response = http.Response.make(200, coded, {"content-type": "application/json"})
    flow.response.headers["content-encoding"] = "gzip"
    flow.response.raw_content = coded
    path = tmp_path / "a.flow"
    with path.open("wb") as file:
        io.FlowWriter(file).add(flow)
    (exchange,) = read_exchanges(path)
    assert isinstance(exchange, Exchange), exchange
    assert (exchange.request.url, Case(exchange).reply.choices[0].text) == (URL, "Loire")


def test_a_stub_reads_no_file_outside_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    folder = tmp_path / "mappings"
    folder.mkdir()
    (tmp_path / "__files").mkdir()
    (tmp_path / "__files" / "good.json").write_text(json.dumps(ANSWER))
    bodies = {}
    for name in ("good.json", "../secret.json"):
        stub = {"request": {"urlPath": "/v1/chat/completions", "method": "POST"}, "response": {"bodyFileName": name}}
        (folder / "stub.json").write_text(json.dumps(stub, indent=1))
        (bodies[name],) = read_exchanges(folder / "stub.json")
    good, outside = bodies["good.json"], bodies["../secret.json"]
    assert isinstance(good, Exchange)
    assert good.response is not None
    assert json.loads(good.response.body) == ANSWER
    assert isinstance(outside, Unreadable)
    assert "is kept in '__files/../secret.json', expected that file beside the recording" in outside.error


def test_a_text_over_the_limit_is_said_with_its_size_and_is_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conformance.recording.importers.LARGEST", 1_000_000)
    path = tmp_path / "a.sse"
    path.write_bytes(b"data: {}\n\n" * 300_000)
    (problem,) = read_exchanges(path)
    assert isinstance(problem, Unreadable)
    assert "not judged: 3 MB is over the limit of 1 MB for one text" in problem.error
