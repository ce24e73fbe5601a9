"""`conformance convert`: what was read is the same exchange in every documented form, without secrets."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
import yaml
from form_samples import ANSWER, SAMPLES, URL
from form_variants import VARIANTS
from vcr.serialize import deserialize
from vcr.serializers import yamlserializer

from conformance.providers import load_providers
from conformance.recording.exporters import EXPORTS
from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.recording.redaction import redact
from conformance.rules.table import Severity
from conformance.runs.audit import items_of
from conformance.runs.audit_rows import Row
from conformance.runs.auditor import AuditSettings
from conformance.wire.exchange import Exchange, Request, Response, Timing
from tests.samples.material import SAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from world import World

SETTINGS = AuditSettings(Severity.ERROR, date(2026, 11, 29), load_providers())
KEY = "sk-proj-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"


def judged(path: Path, *sources: str) -> list[tuple[object, ...]]:
    """Return what an audit of a file or folder says, without the names of files."""
    rows = []
    for item in items_of([path], SETTINGS):
        assert isinstance(item, Row), item
        findings = []
        for finding in item.findings:
            text = finding.message
            for name in sources:
                text = text.replace(name, "")
            findings.append((finding.rule, finding.severity, text, finding.known))
        rows.append(
            (item.provider, item.dialect, item.model, item.status, item.skipped, item.checked, sorted(findings))
        )
    return rows


def bare(exchange: Exchange) -> str:
    """Return an exchange without its place, whatever the order of its headers."""
    response = exchange.response
    if response is not None:
        response = replace(response, headers=dict(sorted(response.headers.items())))
    return repr(replace(exchange, response=response, source="", interaction=0, session=None, id=""))


def read_below(folder: Path) -> list[Exchange]:
    """Return every exchange of a folder."""
    items = [item for path in find_files([folder]) for item in read_exchanges(path)]
    return [item for item in items if isinstance(item, Exchange)]


@pytest.mark.parametrize("to", EXPORTS)
def test_what_is_converted_is_read_as_the_same_exchange_from_every_form(to: str, world: World) -> None:
    source = world.folder / "in"
    source.mkdir()
    for name, data in (SAMPLES | VARIANTS).items():
        (source / name).write_bytes(data)
    assert world.call("convert", "in", "--to", to, "--output", "out/").code == 0
    wanted = sorted(bare(redact(exchange)) for exchange in read_below(source))
    assert sorted(bare(exchange) for exchange in read_below(world.folder / "out")) == wanted
    assert len(wanted) == len(SAMPLES | VARIANTS)


@pytest.mark.parametrize("to", EXPORTS)
def test_an_audit_of_what_is_converted_finds_the_same(to: str, world: World) -> None:
    for path in [SAMPLE.answers, *find_files([SAMPLE.traffic])]:
        out = world.folder / f"converted{EXPORTS[to].suffix}"
        assert world.call("convert", str(path), "--to", to, "--output", str(out)).code == 0
        assert judged(out, path.as_posix(), out.as_posix()) == judged(path, path.as_posix(), out.as_posix()), path


def test_bytes_reads_and_evidence_survive_in_every_form(tmp_path: Path) -> None:
    body = b"\x00\x01\xffdata: 1\r\n\r\n"
    exchange = Exchange(
        "x",
        Request("POST", URL, {"content-type": "application/octet-stream"}, b"\xff\xfe"),
        Response(200, {"content-encoding": "gzip", "content-length": "9"}, body, "reset"),
        Timing(headers=0.1, end=0.3, chunks=((0.2, len(body)),)),
        provider="groq",
        evidence="emulated",
        session="s",
        meta={"probe": "plain"},
    )
    no_answer = Exchange("y", Request("GET", URL), None, meta={"error": "refused"})
    for name, form in EXPORTS.items():
        for number, wanted in enumerate((exchange, no_answer)):
            path = tmp_path / f"{name}{number}{form.suffix}"
            path.write_text(form.head + form.entry(wanted) + form.tail)
            (read,) = read_exchanges(path)
            assert isinstance(read, Exchange), read
            assert replace(read, source="", interaction=0) == wanted, name


def test_no_secret_is_written(world: World) -> None:
    asked = {"method": "POST", "url": f"{URL}?api-key={KEY}", "headers": {"authorization": f"Bearer {KEY}"}}
    answered = {"status": 200, "headers": {"set-cookie": f"s={KEY}"}, "body": json.dumps({**ANSWER, "note": KEY})}
    (world.folder / "a.jsonl").write_text(json.dumps({"request": asked, "response": answered}) + "\n")
    for to in EXPORTS:
        result = world.call("convert", "a.jsonl", "--to", to)
        assert result.code == 0
        assert KEY not in result.out
        assert "REDACTED" in result.out


def test_sessions_of_two_sources_stay_apart_in_one_file(world: World) -> None:
    row = {"request": {"method": "GET", "url": URL}, "response": {"status": 200}, "session": "s"}
    for name in "ab":
        (world.folder / f"{name}.jsonl").write_text(json.dumps(row) + "\n")
    out = world.call("convert", "a.jsonl", "b.jsonl", "--to", "exchanges").out
    assert [json.loads(line)["session"] for line in out.splitlines()] == ["s", "b.jsonl:s"]


def test_what_cannot_be_read_costs_itself_one_line_and_exit_3(world: World) -> None:
    good = json.dumps({"request": {"method": "GET", "url": URL}, "response": {"status": 200}})
    (world.folder / "a.jsonl").write_text(f'{good}\n{{"request": \n{good}\n')
    result = world.call("convert", "a.jsonl", "--to", "exchanges", "--output", "b.jsonl")
    assert result.code == 3
    assert result.err.startswith("conformance convert: a.jsonl:2: not JSON")
    assert result.err.count("\n") == 1
    assert (
        result.out.splitlines()[-1]
        == "conformance convert: 2 exchanges of 1 file written to b.jsonl; 1 could not be read"
    )
    assert len((world.folder / "b.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize("words", [["nothing"], ["s3://bucket/x"]])
def test_nothing_to_convert_is_one_line_and_leaves_no_file(words: list[str], world: World) -> None:
    result = world.call("convert", *words, "--to", "har", "--output", "b.har")
    assert result.code == 3
    assert "Traceback" not in result.err
    assert not (world.folder / "b.har").exists()


def test_a_cassette_is_one_that_vcrpy_loads(world: World) -> None:
    (world.folder / "a.har").write_bytes(SAMPLES["har.json"])
    world.call("convert", "a.har", "--to", "vcr", "--output", "a.yaml")
    requests, responses = deserialize((world.folder / "a.yaml").read_text(), yamlserializer)
    assert [request.uri for request in requests] == [URL]
    assert json.loads(responses[0]["body"]["string"]) == ANSWER


def test_notes_that_are_none_are_said_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    document = yaml.safe_load(SAMPLES["vcrpy.yaml"])
    for notes, what in (([], "expected a mapping"), ({"evidence": "live"}, "evidence"), ({"eof": "soon"}, "eof")):
        document["interactions"][0]["response"]["_conformance"] = notes
        path.write_text(yaml.safe_dump(document))
        (problem,) = read_exchanges(path)
        assert isinstance(problem, Unreadable)
        assert what in problem.error
