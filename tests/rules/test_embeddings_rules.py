"""Each rule of embeddings against a conforming answer and the one that breaks it."""

from __future__ import annotations

import base64
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from conformance.emulator.mind.vectors import as_bytes
from conformance.rules.judging import judge_session
from conformance.rules.table import RULES
from conformance.wire.case import Session
from tests.native import broken, case, judged

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "https://provider.example/v1/embeddings"
REQUEST: dict[str, Any] = {"model": "m", "input": ["Rain in Paris.", "Snow in Oslo."]}
BODY: dict[str, Any] = {
    "object": "list",
    "data": [
        {"object": "embedding", "index": 0, "embedding": [0.6, 0.8]},
        {"object": "embedding", "index": 1, "embedding": [0.8, -0.6]},
    ],
    "model": "m",
    "usage": {"prompt_tokens": 8, "total_tokens": 8},
}
BASE64 = base64.b64encode(as_bytes([0.6, 0.8])).decode()


def _first(body: dict[str, Any], value: Any) -> None:
    body["data"][0]["embedding"] = value


MUTANTS: list[tuple[str, str, dict[str, Any], Callable[[dict[str, Any]], Any]]] = [
    ("embeddings.response_shape", "no model", {}, lambda body: body.pop("model")),
    ("embeddings.response_shape", "a null among the numbers", {}, lambda body: _first(body, [0.6, None])),
    ("embeddings.response_shape", "no index", {}, lambda body: body["data"][0].pop("index")),
    ("embeddings.object_const", "another object", {}, lambda body: body.update(object="embeddings")),
    ("embeddings.object_const", "an entry without one", {}, lambda body: body["data"][1].pop("object")),
    ("embeddings.one_per_input", "one is missing", {}, lambda body: body["data"].pop()),
    ("embeddings.index_order", "the other way round", {}, lambda body: body["data"].reverse()),
    ("embeddings.equal_length", "one is longer", {}, lambda body: _first(body, [0.6, 0.8, 0.1])),
    ("embeddings.dimensions_honoured", "more than asked", {"dimensions": 1}, lambda _: None),
    ("embeddings.encoding_honoured", "numbers for base64", {"encoding_format": "base64"}, lambda _: None),
    (
        "embeddings.base64_floats",
        "bytes that make no float",
        {"encoding_format": "base64"},
        lambda body: body.update(data=[{**entry, "embedding": "AAA="} for entry in body["data"]]),
    ),
    ("embeddings.base64_floats", "a text", {}, lambda body: _first(body, "no base64!")),
    ("embeddings.finite", "zeros", {}, lambda body: _first(body, [0, 0.0])),
    ("embeddings.usage_shape", "no usage", {}, lambda body: body.pop("usage")),
    ("embeddings.usage_shape", "a text", {}, lambda body: body["usage"].update(prompt_tokens="8")),
    ("embeddings.usage_total", "a total of nothing", {}, lambda body: body["usage"].update(total_tokens=0)),
    ("params.invalid_refused", "an empty text, answered", {"input": ""}, lambda body: body["data"].pop()),
    ("model.echo_served", "another model", {}, lambda body: body.update(model="quite-another")),
]


@pytest.mark.parametrize(
    ("rule", "asked", "spoil"),
    [(rule, *rest) for rule, _, *rest in MUTANTS],
    ids=[f"{row[0]}: {row[1]}" for row in MUTANTS],
)
def test_a_mutant_is_caught_by_its_rule_alone(
    rule: str, asked: dict[str, Any], spoil: Callable[[dict[str, Any]], Any]
) -> None:
    body = deepcopy(BODY)
    spoil(body)
    assert broken(judged(URL, {**REQUEST, **asked}, body)) == {rule}


@pytest.mark.parametrize(
    ("asked", "values"),
    [
        ({}, ([0.6, 0.8], [0.8, -0.6])),
        ({"encoding_format": "float"}, ([0.6, 0.8], [1, 0])),
        ({"encoding_format": "base64", "dimensions": 2}, (BASE64, BASE64)),
        ({"input": [[1, 2], [3]]}, ([0.6, 0.8], [0.8, -0.6])),
        # Signed bytes and packed bits, which no reader of floats can count.
        ({"dimensions": 5}, ("9sYAAzw=", "8vfgDQA=")),
        ({"encoding_format": "base64_binary", "dimensions": 40}, ("9sYAAzw=", "8vfgDQA=")),
        ({"encoding_format": "base64", "output_dtype": "int8", "dimensions": 8}, ("AADAfwAAwH8=", "AADAfwAAwH8=")),
    ],
)
def test_conforming_vectors_are_clean(asked: dict[str, Any], values: tuple[Any, Any]) -> None:
    data = [{**entry, "embedding": value} for entry, value in zip(BODY["data"], values, strict=True)]
    assert not judged(URL, {**REQUEST, **asked}, {**BODY, "data": data}).findings


def test_not_a_number_is_no_finite_one() -> None:
    text = '{"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [NaN, 1]}], "model": "m"}'
    assert "embeddings.finite" in broken(judged(URL, {**REQUEST, "input": "x"}, text, content_type="application/json"))


def test_a_refusal_in_openais_form_is_clean() -> None:
    error = {"message": "'input' is empty.", "type": "invalid_request_error", "param": "input", "code": None}
    assert not judged(URL, {"model": "m", "input": []}, {"error": error}, status=400).findings
    assert broken(judged(URL, REQUEST, {"detail": "no"}, status=400)) >= {"error.envelope_object"}


@pytest.mark.parametrize(("again", "rules"), [(BASE64, set()), ([0.8, 0.6], {"embeddings.same_input_same_vector"})])
def test_one_text_has_one_vector(again: Any, rules: set[str]) -> None:
    alone = {**BODY, "data": [{"object": "embedding", "index": 0, "embedding": again}]}
    cases = (case(URL, REQUEST, BODY), case(URL, {"model": "m", "input": REQUEST["input"][0]}, alone))
    assert {finding.rule for finding in judge_session(Session(cases)).findings} == rules


@pytest.mark.parametrize(
    ("text", "vector", "rules"),
    [
        ("Fog in Rome.", [0.6, 0.8], {"embeddings.text_tells"}),
        ("Fog in Rome.", [0.28, 0.96], set()),
        ("rain in Paris!", [0.6, 0.8], set()),  # a model that reads no case and no signs
    ],
)
def test_another_text_has_another_vector(text: str, vector: list[float], rules: set[str]) -> None:
    other = {**BODY, "data": [{"object": "embedding", "index": 0, "embedding": vector}]}
    cases = (case(URL, REQUEST, BODY), case(URL, {"model": "m", "input": text}, other))
    assert {finding.rule for finding in judge_session(Session(cases)).findings} == rules


def test_every_rule_of_embeddings_has_a_mutant() -> None:
    native = {"embeddings.integer_range", "embeddings.texts_in_order"}  # of other protocols: test_native_embeddings
    covered = {row[0] for row in MUTANTS} | {"embeddings.same_input_same_vector", "embeddings.text_tells"} | native
    assert {rule for rule in RULES if rule.startswith("embeddings.")} <= covered
