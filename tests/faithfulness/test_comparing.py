"""The comparison itself, on exchanges made up here."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.wire.exchange import Exchange, Request, Response
from tests.faithfulness.compare import Difference, compare
from tests.faithfulness.explained import Explanation
from tests.faithfulness.sample import Sample, samples
from tests.faithfulness.shape import shape_of
from tests.faithfulness.stream_order import traits

URL = "https://api.example.com/v1/chat/completions"


def exchange(body: bytes, name: str = "x", content_type: str = "application/json", status: int = 200) -> Exchange:
    return Exchange(name, Request("POST", URL), Response(status, {"content-type": content_type}, body))


def sampled(*values: Any, prefix: str = "x") -> list[Sample]:
    bodies = (json.dumps(value).encode() for value in values)
    return list(samples(exchange(body, f"{prefix}{number}") for number, body in enumerate(bodies)))


def stream(*chunks: Any, end: str = "data: [DONE]\n\n") -> Sample:
    body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + end
    (found,) = samples([exchange(body.encode(), content_type="text/event-stream")])
    return found


def chunk(delta: dict[str, Any], finish: str | None = None, **members: Any) -> dict[str, Any]:
    return {"id": "c", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **members}


def test_indices_are_folded_and_a_path_counts_once_an_exchange() -> None:
    shape = shape_of(sampled({"choices": [{"a": 1}, {"a": 2.5, "b": None}]}, {"choices": []}))
    assert shape.paths == {"choices": 2, "choices[]": 1, "choices[].a": 1, "choices[].b": 1}
    assert shape.types["choices[].a"] == {"integer": 1, "number": 1}
    assert shape.share("choices[].a") == 0.5


def test_a_member_with_few_words_is_a_closed_list_and_one_with_sentences_is_none() -> None:
    answers = [{"reason": word, "text": f"It was {word}."} for word in ("stop", "length")] * 3
    shape = shape_of(sampled(*answers))
    assert shape.enum("reason") == {"stop", "length"}
    assert shape.enum("text") == frozenset()


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"choices": []}, 200, "completion"),
        ({"error": {"code": 502}}, 200, "error"),
        ({"detail": "no"}, 401, "error"),
    ],
)
def test_an_error_is_told_from_an_answer(body: dict[str, Any], status: int, kind: str) -> None:
    (found,) = samples([exchange(json.dumps(body).encode(), status=status)])
    assert found.kind == kind


def test_what_only_real_exchanges_have_is_a_difference() -> None:
    (paths, *_) = compare("p", sampled({"choices": [], "extra": 1}), sampled({"choices": []}))
    assert (paths.share, paths.reverse) == (0.5, 1.0)
    assert [(each.side, each.what, each.share) for each in paths.differences] == [("real", "extra", 1.0)]


def test_what_only_emulated_exchanges_have_is_held_against_ten_real_ones() -> None:
    emulated = sampled({"choices": [], "extra": 1})
    for number, expected in ((9, []), (10, ["extra"])):
        (paths, *_) = compare("p", sampled(*[{"choices": []}] * number), emulated)
        assert [each.what for each in paths.differences] == expected


def test_answers_to_our_own_probes_refute_nothing() -> None:
    emulated = sampled({"choices": []}) + sampled({"choices": [], "extra": 1}, prefix="probe")
    (paths, *_) = compare("p", sampled(*[{"choices": []}] * 10), emulated)
    assert paths.differences == ()


def test_a_whole_number_and_a_fraction_are_one_type() -> None:
    (_, types, *_) = compare("p", sampled({"choices": [], "time": 0.5}), sampled({"choices": [], "time": 0}))
    assert types.differences == ()


def test_order_and_framing_of_a_stream_become_words() -> None:
    found = traits(
        stream(
            chunk({"role": "assistant", "content": ""}),
            chunk({"content": "a"}),
            chunk({}, "stop", usage={"total_tokens": 2}),
        )
    )
    assert found == {
        *("line end: lf", "[DONE]: yes", "event: message"),
        *("role: first delta", "finish_reason before the end: null", "finish_reason: once", "usage: finish chunk"),
        *("id: one", "created: one"),
    }


def test_usage_after_the_finish_is_told_by_its_choices() -> None:
    usage = {"usage": {"total_tokens": 2}}
    begun = (chunk({"role": "assistant"}), chunk({"content": "a"}), chunk({}, "stop"))
    assert "usage: chunk without choices" in traits(stream(*begun, {"id": "c", "choices": [], **usage}))
    assert "usage: chunk with a choice after it" in traits(stream(*begun, chunk({}, None, **usage)))


def test_a_cut_stream_shows_no_order() -> None:
    assert traits(stream(chunk({"role": "assistant"}), end="")) == {"line end: lf", "[DONE]: no", "event: message"}


@pytest.mark.parametrize(
    ("what", "explained"),
    [("usage", True), ("usage.cost", True), ("usage[]", True), ("usage: null", True), ("usages", False)],
)
def test_a_path_explains_what_lies_below_it(what: str, explained: bool) -> None:  # noqa: FBT001
    difference = Difference("p", "completion", "real", what, 1.0)
    assert Explanation("p", "completion", "real", "usage", "because").explains(difference) is explained
