"""Forms: what is written reads back, files with any bytes among it, and the same members make the same bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conformance.wire.exchange import Request
from conformance.wire.form import FORM, Field, File, read_form, text_fields, write_form
from conformance.wire.sound import seconds_of, wav

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(content=st.binary(max_size=60), text=_TEXTS)
def test_what_is_written_reads_back(content: bytes, text: str) -> None:
    file = File("a.bin", "application/octet-stream", content)
    content_type, body = write_form({"file": file, "prompt": text, "of[]": ["a", "b"]})
    assert read_form(content_type, body) == [
        Field("file", file), Field("prompt", text), Field("of[]", "a"), Field("of[]", "b"),
    ]  # fmt: skip
    assert write_form({"file": file, "prompt": text, "of[]": ["a", "b"]}) == (content_type, body)


def test_a_request_reads_the_texts_of_its_form() -> None:
    content_type, body = write_form(
        {"file": File("a.wav", "audio/wav", wav()), "model": "m", "stream": True, "of[]": ["a"]}
    )
    assert Request("POST", "https://h/x", {"content-type": content_type}, body).json == {
        "model": "m", "stream": "true", "of": ["a"],
    }  # fmt: skip


def test_what_is_no_form_has_no_fields() -> None:
    assert read_form(FORM, b"anything") == []
    assert read_form(f"{FORM}; boundary=b", b"[left out]") == []
    assert text_fields([]) == {}


def test_a_sound_lasts_as_long_as_it_says() -> None:
    assert seconds_of(wav(0.5, (440.0, 0.0))) == 0.5
    assert wav(0.1, (0.0,)).count(b"\x00") > 1500
    assert seconds_of(b"no sound") is None
