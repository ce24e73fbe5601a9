"""Our cassettes: byte-exact, loadable by vcrpy, whole or not there at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import vcr
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from conformance.errors import UnusableInputError
from conformance.recording.cassette import cassette_path, decode_model, load, save
from conformance.recording.importers import read_exchanges
from conformance.schemas import load_schema
from conformance.schemas.validators import explain
from conformance.wire.exchange import Exchange, Request, Response, Timing

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://api.example.com/v1/chat/completions"
RECORDED_AT = datetime(2026, 11, 21, 10, 0, 0, 123456, tzinfo=UTC)
PROBE: dict[str, str] = {"probe": "stream", "probe_hash": "abc123", "tool_version": "0.1.0"}
AWKWARD = [
    pytest.param(b"data: {}\r\n\r\ndata: [DONE]\r\n\r\n", id="crlf"),
    pytest.param(b"\xef\xbb\xbfdata: {}\n\n", id="byte-order-mark"),
    pytest.param(b"a\x00b\x1b\x7f", id="nul-and-controls"),
    pytest.param(b"\xff\xfe\xc3", id="invalid-utf-8"),
    pytest.param(b"\xed\xa0\x80", id="lone-surrogate"),
    pytest.param("\x85\u2028\u2029\ufeff\ufffe\U0001f600".encode(), id="line-separators-and-astral"),
    pytest.param(b"", id="empty"),
    pytest.param(b"  \n# not a comment: - x\n\n\n ", id="yaml-syntax"),
    pytest.param(b"null", id="yaml-word"),
    pytest.param(b"\r" * 3 + b"x " * 200, id="long-line"),
]


def exchange(body: bytes = b'{"id": "x"}', **fields: object) -> Exchange:
    request = Request("POST", URL, {"content-type": "application/json"}, b'{"model": "m", "stream": true}')
    response = Response(200, {"content-type": "text/event-stream"}, body, "clean")
    timing = Timing(0.01, 0.02, 0.03, 0.1, 0.3, ((0.11, len(body)),))
    known = Exchange("x", request, response, timing, "p", "openai-chat", RECORDED_AT, evidence="live")
    return replace(known, **fields)


def saved(path: Path, *exchanges: Exchange) -> Path:
    save(path, exchanges, **PROBE)
    return path


@pytest.mark.parametrize("body", AWKWARD)
def test_bodies_survive_byte_for_byte(tmp_path: Path, body: bytes) -> None:
    asked = exchange(body)
    asked = replace(asked, request=replace(asked.request, body=body))
    (again,) = load(saved(tmp_path / "c.yaml", asked)).exchanges
    assert again.response is not None
    assert again.response.body == body
    assert again.request.body == body


@pytest.mark.parametrize("body", AWKWARD)
def test_vcrpy_replays_our_cassettes_byte_for_byte(tmp_path: Path, body: bytes) -> None:
    first, second = exchange(body), exchange(b"second")
    path = saved(tmp_path / "c.yaml", first, second)
    with vcr.use_cassette(str(path), record_mode="none") as cassette, httpx.Client() as client:
        answers = [client.post(URL, json={"model": "m"}) for _ in range(2)]
    assert [each.content for each in answers] == [body, b"second"]
    assert answers[0].headers["content-type"] == "text/event-stream"
    assert cassette.all_played


def test_vcrpy_replays_a_body_that_came_gzipped(tmp_path: Path) -> None:
    coded = {"content-type": "application/json", "content-encoding": "gzip", "content-length": "31"}
    path = saved(tmp_path / "c.yaml", replace(exchange(), response=Response(200, coded, b'{"id": "x"}', "clean")))
    with vcr.use_cassette(str(path), record_mode="none"), httpx.Client() as client:
        assert client.post(URL).json() == {"id": "x"}
    (again,) = load(path).exchanges
    assert again.response is not None
    assert again.response.headers == coded


def test_everything_about_an_exchange_comes_back(tmp_path: Path) -> None:
    asked = exchange(meta={"attempts": [{"why": "status 429", "at": None}]})
    path = saved(tmp_path / "c.yaml", asked)
    cassette = load(path)
    (again,) = cassette.exchanges
    assert again.request == asked.request
    assert again.response == asked.response
    assert again.timing == asked.timing
    assert (again.provider, again.dialect, again.recorded_at) == ("p", "openai-chat", RECORDED_AT)
    assert again.meta["attempts"] == [{"why": "status 429", "at": None}]
    assert again.meta["model"] == "m"
    assert (cassette.probe, cassette.probe_hash, cassette.tool) == ("stream", "abc123", "0.1.0")
    assert (cassette.evidence, cassette.recorded_at) == ("recorded", RECORDED_AT)


@pytest.mark.parametrize(
    ("before", "after"), [("live", "recorded"), ("emulated", "emulated"), ("imported", "imported")]
)
def test_evidence_is_never_upgraded(tmp_path: Path, before: Any, after: str) -> None:
    assert load(saved(tmp_path / "c.yaml", exchange(evidence=before))).evidence == after


@pytest.mark.parametrize("eof", ["reset", "timeout", "unknown"])
def test_a_stream_that_broke_is_kept_as_it_is(tmp_path: Path, eof: Any) -> None:
    broken = replace(exchange(), response=Response(200, {}, b'data: {"cho', eof), timing=Timing(chunks=((0.1, 11),)))
    (again,) = load(saved(tmp_path / "c.yaml", broken)).exchanges
    assert again.response == broken.response


def test_no_answer_is_kept_as_none(tmp_path: Path) -> None:
    (again,) = load(saved(tmp_path / "c.yaml", replace(exchange(), response=None, timing=Timing(end=2.0)))).exchanges
    assert again.response is None
    assert again.timing == Timing(end=2.0)


seconds = st.floats(0, 1000, allow_nan=False).map(lambda value: round(value, 6))


@given(reads=st.lists(st.tuples(seconds, st.binary(max_size=40)), max_size=8), headers=st.none() | seconds)
def test_any_bytes_and_timings_survive(
    tmp_path_factory: pytest.TempPathFactory, reads: list[tuple[float, bytes]], headers: float | None
) -> None:
    body = b"".join(data for _, data in reads)
    timing = Timing(headers=headers, chunks=tuple((arrival, len(data)) for arrival, data in reads))
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    (again,) = load(saved(path, exchange(body, timing=timing))).exchanges
    assert again.response is not None
    assert again.response.body == body
    assert again.timing == timing


@given(model=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40))
def test_a_model_id_is_one_folder_and_comes_back(tmp_path_factory: pytest.TempPathFactory, model: str) -> None:
    root = tmp_path_factory.getbasetemp()
    folder = cassette_path(root, "p", model, "openai-chat", "stream").parent.parent
    assert folder.parent == root / "p"
    assert folder.name not in {"", ".", ".."}
    assert not set(folder.name) & set('/\\:*?"<>|\n')
    assert decode_model(folder.name) == model


def test_a_path_names_provider_model_dialect_and_probe(tmp_path: Path) -> None:
    path = cassette_path(tmp_path, "groq", "openai/gpt-oss:120b", "openai-chat", "stream")
    assert path == tmp_path / "groq" / "openai%2Fgpt-oss%3A120b" / "openai-chat" / "stream.yaml"
    emulated = cassette_path(tmp_path, "groq", "m", "openai-chat", "stream", emulated=True)
    assert emulated.name == "stream.emulated.yaml"


def test_a_failed_write_leaves_the_good_cassette_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(tmp_path / "c.yaml", exchange())
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(UnusableInputError, match="cannot be written: No space left on device"):
        saved(path, exchange(b"other"))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_written_unredacted(tmp_path: Path) -> None:
    asked = exchange(b'{"error": "key gsk_0123456789abcdefghijABCDEFGHIJ is wrong"}')
    asked = replace(asked, request=replace(asked.request, headers={"Authorization": "Bearer gsk_0123456789abcdefghij"}))
    assert "gsk_" not in saved(tmp_path / "c.yaml", asked).read_text("utf-8")


def test_the_importer_reads_our_cassettes_with_their_evidence(tmp_path: Path) -> None:
    path = saved(tmp_path / "c.emulated.yaml", exchange(evidence="emulated"))
    (again,) = read_exchanges(path)
    assert isinstance(again, Exchange)
    assert (again.evidence, again.provider, again.session) == ("emulated", "p", path.as_posix())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("method: POST", "method: 'POST", ":11: not YAML", id="broken"),
        pytest.param("conformance:", "another:", ":9: not one of our cassettes", id="foreign"),
        pytest.param("probe: stream", "probes: stream", ":12: interactions[0].response.conformance: ", id="block"),
        pytest.param("  - 11", "  - 12", ".timing.chunks sum to 12 bytes, expected 11", id="chunks"),
        pytest.param("interactions:", "interaction:", ":1: interactions is missing", id="key"),
    ],
)
def test_a_cassette_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = saved(tmp_path / "c.yaml", exchange())
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new))
    with pytest.raises(UnusableInputError) as raised:
        load(path)
    assert said in str(raised.value)
    assert str(raised.value).startswith(f"{path}:")


def test_a_missing_or_empty_cassette_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError, match="cannot be read: No such file"):
        load(tmp_path / "c.yaml")
    (tmp_path / "c.yaml").write_text("interactions: []\nversion: 1\n")
    with pytest.raises(UnusableInputError, match="holds no interaction"):
        load(tmp_path / "c.yaml")


GOOD: dict[str, Any] = {
    "evidence": "recorded", "recorded_at": "2026-11-21T10:00:00+00:00", "tool": "0.1.0", "probe": "stream",
    "probe_hash": "abc", "provider": "p", "model": None, "dialect": "openai-chat", "eof": "clean",
    "timing": {"headers": 0.1, "chunks": [[0.1, 3]]}, "attempts": [{"why": "status 429"}],
}  # fmt: skip


def test_the_cassette_schema_takes_a_good_example() -> None:
    Draft202012Validator.check_schema(load_schema("cassette"))
    assert explain("cassette", GOOD) is None


@pytest.mark.parametrize(
    "change",
    [
        {"evidence": "live"},
        {"eof": "closed"},
        {"timing": {"chunks": [[-0.1, 3]]}},
        {"timing": {}},
        {"ttft": 0.1},
        {"probe": ""},
    ],
)
def test_the_cassette_schema_refuses_a_bad_example(change: dict[str, Any]) -> None:
    assert explain("cassette", {**GOOD, **change}) is not None
