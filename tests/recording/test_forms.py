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
