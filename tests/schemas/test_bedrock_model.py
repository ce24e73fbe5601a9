"""What we say of Converse against botocore's model of the service: statuses, stop reasons, and every member of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.rules.native.bedrock_converse import STATUSES
from conformance.rules.views.bedrock_converse import BLOCK, DELTA, START
from conformance.schemas import load_schema, schema_registry
from conformance.wire.dialects.bedrock_converse.words import VOCABULARY

if TYPE_CHECKING:
    from collections.abc import Iterator

loaders = pytest.importorskip("botocore.loaders", reason="the extra [bedrock] is not installed")
#: Objects of the service that a schema takes whole: no client of ours reads into them.
WHOLE = {
    "image", "document", "video", "audio", "guardContent", "cachePoint", "searchResult", "toolAddition", "toolRemoval", "guardrail",
    "promptRouter", "citation", "citations", "additionalModelResponseFields", "input",
}  # fmt: skip


@pytest.fixture(scope="module")
def shapes() -> dict[str, Any]:
    return loaders.Loader().load_service_model("bedrock-runtime", "service-2")["shapes"]  # type: ignore[no-any-return]


def paths(shapes: dict[str, Any], name: str, schema: Any, at: str = "") -> Iterator[str]:
    """Yield the members of a shape that a schema does not name."""
    while "$ref" in schema:
        schema = schema_registry()[schema["$ref"]].contents
    shape = shapes[name]
    if shape["type"] == "list":
        yield from paths(shapes, shape["member"]["shape"], schema.get("items", {}), f"{at}[]")
    elif shape["type"] == "structure" and not shape.get("exception"):
        for member, reference in shape["members"].items():
            named = schema.get("properties", {}).get(member)
            if shapes[reference["shape"]].get("exception"):
                continue  # an exception is an error, and judged as one
            if named is None:
                yield f"{at}/{member}"
            elif member not in WHOLE and member != "toolResult":
                yield from paths(shapes, reference["shape"], named, f"{at}/{member}")


@pytest.mark.parametrize(
    ("schema", "shape"),
    [
        ("completion", "ConverseResponse"),
        ("chunk", "ConverseStreamOutput"),
        ("block", "ContentBlock"),
        ("usage", "TokenUsage"),
    ],
)
def test_every_member_of_an_answer_is_named_by_its_schema(shapes: dict[str, Any], schema: str, shape: str) -> None:
    assert list(paths(shapes, shape, load_schema(f"bedrock-converse/{schema}"))) == []


def test_every_member_of_a_request_is_named_by_its_schema(shapes: dict[str, Any]) -> None:
    named = load_schema("bedrock-converse/request")["properties"]
    assert set(shapes["ConverseRequest"]["members"]) - {"modelId"} == set(named)
    for group in ("inferenceConfig", "toolConfig"):
        shape = shapes[shapes["ConverseRequest"]["members"][group]["shape"]]
        assert set(shape["members"]) == set(named[group]["properties"])


def test_stop_reasons_unions_and_statuses_are_the_models(shapes: dict[str, Any]) -> None:
    assert set(shapes["StopReason"]["enum"]) == set(VOCABULARY.finishes)
    assert set(shapes["ContentBlock"]["members"]) == BLOCK
    assert set(shapes["ContentBlockStart"]["members"]) == START
    assert set(shapes["ContentBlockDelta"]["members"]) == DELTA
    stated = {name: shape["error"]["httpStatusCode"] for name, shape in shapes.items() if "error" in shape}
    assert {name: stated[name] for name in STATUSES} == STATUSES
    assert set(VOCABULARY.errors) == set(STATUSES)
