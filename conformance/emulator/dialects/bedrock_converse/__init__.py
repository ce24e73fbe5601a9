"""Amazon Bedrock Converse: botocore 1.44.8 data/bedrock-runtime/2023-09-30/service-2.json (read 2026-11-28), 57 recorded answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.dialects import EmulatedDialect, Endpoint, Memory
from conformance.emulator.dialects.bedrock_converse.body import MessageWriter
from conformance.emulator.dialects.bedrock_converse.guardrail import guarded
from conformance.emulator.dialects.bedrock_converse.request import read_request
from conformance.emulator.dialects.bedrock_converse.stream import streamed
from conformance.emulator.dress.plain import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.dress.pace import Waits
    from conformance.emulator.mind.completion import Completion
    from conformance.emulator.response import Outgoing
    from conformance.wire.exchange import Request


def _encode(context: AnswerContext, completion: Completion, waits: Waits, memory: Memory) -> Outgoing:  # noqa: ARG001
    completion = guarded(context.body, completion)
    writer = MessageWriter(context, completion, waits)
    if context.streamed:
        return streamed(writer)
    return spoken(writer, writer.body)


def _addressed(request: Request, endpoint: Endpoint, name: str) -> Mapping[str, Any]:  # noqa: ARG001 - the face
    return {"model": name}


DIALECT = EmulatedDialect(
    endpoints=(
        Endpoint("POST", "model/{id}/converse", "chat"),
        Endpoint("POST", "model/{id}/converse-stream", "chat"),
    ),
    params={
        "model": "modelId",
        "talk": "messages",
        "tools": "toolConfig.tools",
        "tool_mode": "toolConfig.toolChoice",
        "form": "outputConfig.textFormat",
    },
    places=frozenset(
        {
            "body", "metadata", "usage", "block", "block.text", "block.reasoningContent", "block.toolUse", "event", "error", "error.body",
        }
    ),
    read=read_request,
    encode=_encode,
    listing=lambda context, model: None,  # noqa: ARG005 - another service of the cloud lists models
    wire={"tool_call_id": "tooluse_{alnum:22}"},
    addressed=_addressed,
    envelope="message",
    type_header="x-amzn-errortype",
)  # fmt: skip
