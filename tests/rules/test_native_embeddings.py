"""Embeddings in the forms of Cohere, Gemini and Ollama: each rule against conforming answers and the ones that break it."""

from __future__ import annotations

import base64
from copy import deepcopy
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from conformance.emulator.mind.vectors import as_bytes, as_integers
from conformance.rules.judging import judge_session
from conformance.wire.case import Session
from tests.native import broken, case, judged

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBERS = [[0.5, -0.5, 0.5, -0.5, 0.0, 0.0, 0.0, 0.0], [0.8, 0.6, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
TEXTS = ["Rain in Paris.", "Snow in Oslo."]
INTEGERS = ("int8", "uint8", "binary", "ubinary")


class Shape(NamedTuple):
    """A request and its conforming answer."""

    url: str
    request: dict[str, Any]
    body: dict[str, Any]


def written(name: str) -> list[Any]:
    if name == "base64":
        return [base64.b64encode(as_bytes(numbers)).decode() for numbers in NUMBERS]
    return [as_integers(numbers, name) for numbers in NUMBERS] if name in INTEGERS else NUMBERS


def content(text: str) -> dict[str, Any]:
    return {"parts": [{"text": text}]}


MODEL = "https://provider.example/v1beta/models/m"
SHAPES = {
    "cohere": Shape(
        "https://provider.example/v2/embed",
        {
            "model": "m",
            "texts": TEXTS,
            "input_type": "search_document",
            "embedding_types": ["float", *INTEGERS, "base64"],
        },
        {
            "id": "e1",
            "texts": TEXTS,
            "embeddings": {name: written(name) for name in ("float", *INTEGERS, "base64")},
            "meta": {"api_version": {"version": "2"}, "billed_units": {"input_tokens": 8}},
            "response_type": "embeddings_by_type",
        },
    ),
    "cohere v1": Shape(
        "https://provider.example/v1/embed",
        {"model": "m", "texts": TEXTS, "input_type": "search_document"},
        {
            "id": "e1",
            "texts": [text.lower() for text in TEXTS],
            "embeddings": NUMBERS,
            "response_type": "embeddings_floats",
        },
    ),
    "gemini": Shape(
        f"{MODEL}:embedContent",
        {"content": content(TEXTS[0]), "outputDimensionality": 8},
        {"embedding": {"values": NUMBERS[0]}},
    ),
    "gemini batch": Shape(
        f"{MODEL}:batchEmbedContents",
        {"requests": [{"model": "models/m", "content": content(text), "output_dimensionality": 8} for text in TEXTS]},
        {
            "embeddings": [{"values": numbers} for numbers in NUMBERS],
            "usageMetadata": {"promptTokenCount": 8, "promptTokenDetails": [{"modality": "TEXT", "tokenCount": 8}]},
        },
    ),
    "vertex": Shape(
        "https://provider.example/v1/projects/p/locations/l/publishers/google/models/m:predict",
        {"instances": [{"content": text} for text in TEXTS], "parameters": {"outputDimensionality": 8}},
        {
            "predictions": [
                {"embeddings": {"values": numbers, "statistics": {"token_count": 4, "truncated": False}}}
                for numbers in NUMBERS
            ],
            "metadata": {"billableCharacterCount": 25},
        },
    ),
    "ollama": Shape(
        "https://provider.example/api/embed",
        {"model": "m", "input": TEXTS, "dimensions": 8},
        {"model": "m", "embeddings": NUMBERS, "total_duration": 14, "load_duration": 7, "prompt_eval_count": 8},
    ),
    "titan": Shape(
        "https://provider.example/model/amazon.titan-embed-text-v2%3A0/invoke",
        {"inputText": TEXTS[0], "dimensions": 8, "normalize": True},
        {"embedding": NUMBERS[0], "embeddingsByType": {"float": NUMBERS[0]}, "inputTextTokenCount": 4},
    ),
    "nova": Shape(
        "https://provider.example/model/amazon.nova-2-multimodal-embeddings-v1%3A0/invoke",
        {
            "taskType": "SINGLE_EMBEDDING",
            "singleEmbeddingParams": {"embeddingDimension": 8, "text": {"value": TEXTS[0], "truncationMode": "END"}},
        },
        {"embeddings": [{"embeddingType": "TEXT", "embedding": NUMBERS[0]}]},
    ),
    "cohere on bedrock": Shape(
        "https://provider.example/model/cohere.embed-english-v3/invoke",
        {"texts": TEXTS, "input_type": "search_query"},
        {"id": "e1", "texts": TEXTS, "embeddings": NUMBERS, "response_type": "embeddings_floats"},
    ),
    "ollama older": Shape(
        "https://provider.example/api/embeddings", {"model": "m", "prompt": TEXTS[0]}, {"embedding": NUMBERS[0]}
    ),
}


def _types(body: dict[str, Any], **lists: Any) -> None:
    body["embeddings"].update(lists)


#: Shape, every rule that fires, what is wrong, and how an answer is spoilt.
MUTANTS: list[tuple[str, str, str, Callable[[dict[str, Any]], Any]]] = [
    ("cohere", "embeddings.response_shape", "no id", lambda body: body.pop("id")),
    (
        "cohere",
        "embeddings.response_shape",
        "a null",
        lambda body: _types(body, float=[[*NUMBERS[0][:7], None], NUMBERS[1]]),
    ),
    ("cohere", "embeddings.one_per_input", "one is missing", lambda body: body["embeddings"]["int8"].pop()),
    ("cohere", "embeddings.one_per_input", "one too many", lambda body: _types(body, float=[*NUMBERS, NUMBERS[0]])),
    ("cohere", "embeddings.equal_length", "a type is shorter", lambda body: _types(body, uint8=[[1, 2]] * 2)),
    ("cohere", "embeddings.equal_length", "bits are not packed", lambda body: _types(body, ubinary=[[1] * 8] * 2)),
    ("cohere", "embeddings.encoding_honoured", "a type is missing", lambda body: body["embeddings"].pop("int8")),
    (
        "cohere",
        "embeddings.encoding_honoured embeddings.response_shape",
        "numbers for base64",
        lambda body: _types(body, base64=NUMBERS),
    ),
    ("cohere", "embeddings.base64_floats", "bytes that make no float", lambda body: _types(body, base64=["AAA="] * 2)),
    ("cohere", "embeddings.integer_range", "above a signed byte", lambda body: _types(body, int8=[[128] * 8] * 2)),
    ("cohere", "embeddings.integer_range", "below an unsigned byte", lambda body: _types(body, ubinary=[[-1]] * 2)),
    ("cohere", "embeddings.integer_range", "a fraction", lambda body: _types(body, uint8=[[0.5] * 8] * 2)),
    ("cohere", "embeddings.finite", "zeros", lambda body: _types(body, float=[[0.0] * 8] * 2)),
    ("cohere", "embeddings.texts_in_order", "the other way round", lambda body: body["texts"].reverse()),
    ("cohere", "embeddings.texts_in_order", "one is missing", lambda body: body["texts"].pop()),
    ("cohere", "embeddings.texts_in_order", "another text", lambda body: body.update(texts=[TEXTS[0], "Sun in Rome."])),
    (
        "cohere",
        "embeddings.usage_shape",
        "a count as text",
        lambda body: body["meta"]["billed_units"].update(input_tokens="8"),
    ),
    (
        "cohere",
        "embeddings.usage_total",
        "nothing is counted",
        lambda body: body["meta"]["billed_units"].update(input_tokens=0),
    ),
    ("cohere v1", "embeddings.one_per_input", "one is missing", lambda body: body["embeddings"].pop()),
    ("cohere v1", "embeddings.equal_length", "one is longer", lambda body: body["embeddings"][1].append(0.1)),
    (
        "gemini",
        "embeddings.response_shape",
        "values beside no embedding",
        lambda body: body.update(embedding=NUMBERS[0]),
    ),
    ("gemini", "embeddings.response_shape", "no embedding", lambda body: body.pop("embedding")),
    (
        "gemini",
        "embeddings.dimensions_honoured",
        "more than asked",
        lambda body: body["embedding"]["values"].append(0.1),
    ),
    ("gemini", "embeddings.finite", "zeros", lambda body: body["embedding"].update(values=[0] * 8)),
    ("gemini batch", "embeddings.one_per_input", "one is missing", lambda body: body["embeddings"].pop()),
    (
        "gemini batch",
        "embeddings.usage_shape",
        "a count as text",
        lambda body: body["usageMetadata"].update(promptTokenCount="8"),
    ),
    (
        "gemini batch",
        "embeddings.usage_total",
        "nothing is counted",
        lambda body: body["usageMetadata"].update(promptTokenCount=0),
    ),
    ("vertex", "embeddings.one_per_input", "one is missing", lambda body: body["predictions"].pop()),
    (
        "vertex",
        "embeddings.response_shape",
        "a null",
        lambda body: body["predictions"][0]["embeddings"].update(values=[None] * 8),
    ),
    ("ollama", "embeddings.response_shape", "OpenAI's form", lambda body: body.update(data=body.pop("embeddings"))),
    ("ollama", "embeddings.one_per_input", "one is missing", lambda body: body["embeddings"].pop()),
    ("ollama", "embeddings.usage_shape", "a count as text", lambda body: body.update(prompt_eval_count="8")),
    ("ollama", "embeddings.usage_total", "nothing is counted", lambda body: body.update(prompt_eval_count=0)),
    ("ollama", "model.echo_served", "another model", lambda body: body.update(model="quite-another")),
    (
        "ollama older",
        "embeddings.one_per_input",
        "an empty list of vectors",
        lambda body: body.update(embeddings=[], embedding=...),
    ),
]


def _spoilt(shape: Shape, spoil: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    body = deepcopy(shape.body)
    spoil(body)
    return {name: value for name, value in body.items() if value is not ...}


@pytest.mark.parametrize("name", SHAPES)
def test_a_conforming_answer_is_clean(name: str) -> None:
    shape = SHAPES[name]
    assert not judged(shape.url, shape.request, shape.body).findings


@pytest.mark.parametrize(
    ("name", "rules", "spoil"), [(row[0], row[1], row[3]) for row in MUTANTS], ids=[f"{m[0]}: {m[2]}" for m in MUTANTS]
)
def test_a_mutant_is_caught_by_its_rules_alone(name: str, rules: str, spoil: Callable[[dict[str, Any]], Any]) -> None:
    shape = SHAPES[name]
    assert broken(judged(shape.url, shape.request, _spoilt(shape, spoil))) == set(rules.split())


@pytest.mark.parametrize("name", SHAPES)
def test_a_vector_has_a_pointer_that_leads_to_it(name: str) -> None:
    shape = SHAPES[name]
    reply = case(shape.url, shape.request, shape.body).reply
    assert reply.vectors
    for listed in reply.vectors:
        for vector in listed.vectors:
            value: Any = shape.body
            for step in vector.pointer.split("/")[1:]:
                value = value[int(step)] if isinstance(value, list) else value[step]
            assert vector.form == "base64" or list(vector.numbers) == value


@pytest.mark.parametrize(
    ("purpose", "rules"),
    [("search_document", {"embeddings.same_input_same_vector", "embeddings.text_tells"}), ("search_query", set())],
)
def test_one_text_has_one_vector_for_one_purpose(purpose: str, rules: set[str]) -> None:
    shape = SHAPES["cohere v1"]
    body = {**shape.body, "embeddings": NUMBERS[::-1]}
    again = {**shape.request, "input_type": purpose}
    cases = (case(shape.url, shape.request, shape.body), case(shape.url, again, body))
    assert {finding.rule for finding in judge_session(Session(cases)).findings} == rules


def test_an_empty_text_of_ollama_has_no_vector() -> None:
    shape = SHAPES["ollama"]
    assert not judged(shape.url, {"model": "m", "input": ""}, {"model": "m", "embeddings": []}).findings


@pytest.mark.parametrize("name", ["cohere", "cohere v1"])
def test_a_picture_is_no_text_that_the_answer_repeats(name: str) -> None:
    shape = SHAPES[name]
    request = {**shape.request, "texts": None, "images": ["data:image/png;base64,AAAA"]}
    lists = shape.body["embeddings"]
    first = {key: values[:1] for key, values in lists.items()} if isinstance(lists, dict) else lists[:1]
    counted = {"billed_units": {"images": 1, "input_tokens": 0}}
    assert not judged(shape.url, request, {**shape.body, "embeddings": first, "texts": [], "meta": counted}).findings


@pytest.mark.parametrize(
    ("name", "error", "rule"),
    [
        ("cohere", {"id": "e1", "message": "no api key supplied"}, "cohere.error_shape"),
        ("gemini", {"error": {"code": 401, "message": "no", "status": "UNAUTHENTICATED"}}, "gemini.error_shape"),
        ("ollama", {"error": "unauthorized"}, "ollama.error_shape"),
    ],
)
def test_an_error_has_the_form_of_its_protocol(name: str, error: dict[str, Any], rule: str) -> None:
    shape = SHAPES[name]
    assert not judged(shape.url, shape.request, error, status=401).findings
    assert rule in broken(judged(shape.url, shape.request, {"detail": "no"}, status=401))


@pytest.mark.parametrize(
    ("name", "inputs", "dimensions", "types"),
    [
        ("cohere", tuple(TEXTS), None, ("float", *INTEGERS, "base64")),
        ("cohere v1", tuple(TEXTS), None, ()),
        ("gemini", (TEXTS[0],), 8, ()),
        ("gemini batch", tuple(TEXTS), 8, ()),
        ("vertex", tuple(TEXTS), 8, ()),
        ("ollama", tuple(TEXTS), 8, ()),
        ("ollama older", (TEXTS[0],), None, ()),
        ("titan", (TEXTS[0],), 8, ()),
        ("nova", (TEXTS[0],), 8, ()),
        ("cohere on bedrock", tuple(TEXTS), None, ()),
    ],
)
def test_a_request_is_read_in_neutral_terms(
    name: str, inputs: tuple[str, ...], dimensions: int | None, types: tuple[str, ...]
) -> None:
    shape = SHAPES[name]
    asked = case(shape.url, shape.request, shape.body).asked
    assert asked.model in {
        "m",
        "amazon.titan-embed-text-v2:0",
        "amazon.nova-2-multimodal-embeddings-v1:0",
        "cohere.embed-english-v3",
    }
    assert (asked.inputs, asked.dimensions, asked.number_types) == (inputs, dimensions, types)
