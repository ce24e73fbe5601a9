"""Claims about long repeats in stored requests: they take no room, and no byte of them is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.errors import UnusableInputError
from conformance.recording.cassette import load, save
from conformance.recording.repeats import folded, unfolded
from conformance.wire.exchange import Exchange, Request, Response

if TYPE_CHECKING:
    from pathlib import Path


@given(st.lists(st.tuples(st.binary(max_size=20), st.integers(1, 4000)), max_size=5), st.binary(max_size=40))
def test_no_byte_is_lost(parts: list[tuple[bytes, int]], tail: bytes) -> None:
    body = b"".join(unit * times for unit, times in parts) + tail
    short, runs = folded(body)
    assert unfolded(short, runs) == body
    assert len(short) <= len(body)


def test_a_prompt_of_one_word_takes_no_room_in_a_cassette_and_is_read_back_whole(tmp_path: Path) -> None:
    body = b'{"messages": [{"role": "user", "content": "' + b"word " * 160_000 + b'"}]}'
    asked = Request("POST", "https://llm.example/v1/chat/completions", {"content-type": "application/json"}, body)
    path = tmp_path / "overflow.yaml"
    save(path, [Exchange("x", asked, Response(400, {}, b"{}", "clean"))], probe="p", probe_hash="0", tool_version="1")
    assert path.stat().st_size < 2000
    assert load(path).exchanges[0].request.body == body


def test_a_short_body_is_stored_as_it_is() -> None:
    assert folded(b"word " * 1000) == (b"word " * 1000, [])


@pytest.mark.parametrize("runs", [[[0, 5, 10**9]], [[3, 9, 2]], [[2, 2, 3], [1, 1, 2]], [[0, 2, 0]]])
def test_runs_that_do_not_fit_are_refused(runs: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        unfolded(b"abcdef", runs)


def test_a_cassette_with_a_wrong_run_says_where(tmp_path: Path) -> None:
    asked = Request("POST", "https://llm.example/v1/chat/completions", {}, b'{"prompt": "' + b"word " * 9000 + b'"}')
    path = tmp_path / "overflow.yaml"
    save(path, [Exchange("x", asked, Response(400, {}, b"{}", "clean"))], probe="p", probe_hash="0", tool_version="1")
    path.write_text(path.read_text("utf-8").replace("- 9000", "- 900000000"), "utf-8")
    with pytest.raises(UnusableInputError, match="request_runs"):
        load(path)
