"""Whose request a path of Bedrock Runtime is: Converse's own, or one of InvokeModel, whose body speaks the model's own protocol."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from conformance.wire.dialects.bedrock_converse.words import NAME

if TYPE_CHECKING:
    from conformance.wire.dialects.reply import Reply
    from conformance.wire.exchange import Request

_PATH = re.compile(
    r"(?>.*?/model/)(?P<model>.+)/(?P<operation>converse|invoke)(?P<stream>-stream|-with-response-stream)?\Z"
)


class Place(NamedTuple):
    """What a path states: the model, the operation (`converse` or `invoke`), and whether the answer is a stream."""

    model: str
    operation: str
    stream: bool


def place_of(request: Request) -> Place | None:
    """Return what the path of a request to a model states; None for any other request."""
    result = _PATH.match(request.path) if request.method == "POST" else None
    if result is None:
        return None
    return Place(unquote(result["model"]), result["operation"], result["stream"] is not None)


def errs_as_aws(request: Request) -> str:
    """Return whose form an error of a request has: AWS's wherever Bedrock's runtime is asked; empty: that of the request's dialect."""
    return NAME if place_of(request) is not None else ""


def is_of_aws(reply: Reply) -> bool:
    """Whether a failed reply has AWS's form of an error, in whatever dialect it was asked."""
    return reply.errs_as == NAME


def speaks_messages(request: Request) -> bool:
    """Whether a request invokes a model with a Messages body, as Anthropic's models take it."""
    place, body = place_of(request), request.json
    if place is None or place.operation != "invoke":
        return False
    return "anthropic_version" in body or ("anthropic." in place.model and isinstance(body.get("messages"), list))


def speaks_converse(request: Request) -> bool:
    """Whether a request invokes a model with a body in Converse's form, as Amazon's own models take it."""
    place, body = place_of(request), request.json
    if place is None or place.operation != "invoke" or "anthropic_version" in body:
        return False
    return body.get("schemaVersion") == "messages-v1" or "inferenceConfig" in body or _of_blocks(body.get("messages"))


def _of_blocks(messages: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether the first message is made of blocks that are told apart by their member, and have no type."""
    first = messages[0] if isinstance(messages, list) and messages else None
    content = first.get("content") if isinstance(first, dict) else None
    block = content[0] if isinstance(content, list) and content else None
    return isinstance(block, dict) and "type" not in block and bool({"text", "image", "document"} & block.keys())
