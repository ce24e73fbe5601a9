"""Which requests Converse refuses beyond their schema: messages that do not follow each other, and fields that do not fit each other.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html and tool-use-inference-call.html
(read 2026-11-28).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.emulator.loose import table, tables
from conformance.emulator.mind.completion import Refusal
from conformance.wire.sentinels import NO_SUCH_GUARDRAIL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def misplaced(body: Mapping[str, Any]) -> Refusal | None:
    """Return the first reason for which a request is refused; None where it is sound."""
    return next((Refusal("invalid_request", message, param) for message, param in _problems(body)), None)


def _problems(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    messages = tables(body.get("messages"))
    if messages and messages[0].get("role") != "user":
        start = "A conversation must start with a user message. Try again with a conversation that starts with a user message."
        yield start, "messages"
    # An account's guardrails are not known: any id is taken for one of them, as any key is for a good one.
    if table(body.get("guardrailConfig")).get("guardrailIdentifier") == NO_SUCH_GUARDRAIL:
        yield "The guardrail identifier or version provided in the request does not exist.", "guardrailConfig"
    yield from _turns(messages)
    yield from _tools(body, messages)
    thinking = table(table(body.get("additionalModelRequestFields")).get("thinking"))
    limits = table(body.get("inferenceConfig"))
    if thinking.get("type") == "enabled":
        if thinking.get("budget_tokens", 0) >= limits.get("maxTokens", 4096):
            yield (
                "The model returned the following errors: `max_tokens` must be greater than `thinking.budget_tokens`",
                "inferenceConfig",
            )
        if limits.get("temperature") not in {None, 1}:
            yield (
                "The model returned the following errors: `temperature` may only be set to 1 when thinking is enabled.",
                "inferenceConfig",
            )


def _turns(messages: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    role, calls = "", set[object]()
    for number, message in enumerate(messages):
        blocks = tables(message.get("content"))
        if not blocks:
            yield (
                (
                    f"The content field in the Message object at messages.{number} is empty. "
                    "Add a ContentBlock object to the content field and try again."
                ),
                "messages",
            )
        if any(len(block) > 1 for block in blocks):
            yield "The union of a ContentBlock holds more than one member.", "messages"
        if message.get("role") == role:
            yield "A conversation must alternate between user and assistant roles.", "messages"
        role = str(message.get("role"))
        answered = {table(block["toolResult"]).get("toolUseId") for block in blocks if "toolResult" in block}
        if answered - calls:
            yield (
                f"The number of toolResult blocks at messages.{number}.content exceeds the number of toolUse blocks of previous turn.",
                "messages",
            )
        if role == "user" and calls - answered:
            names = ", ".join(sorted(str(name) for name in calls - answered))
            yield f"Expected toolResult blocks at messages.{number}.content for the following Ids: {names}", "messages"
        calls = {table(block["toolUse"]).get("toolUseId") for block in blocks if "toolUse" in block}


def _tools(body: Mapping[str, Any], messages: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    config = table(body.get("toolConfig"))
    used = any({"toolUse", "toolResult"} & block.keys() for turn in messages for block in tables(turn.get("content")))
    if used and not config:
        yield "The toolConfig field must be defined when using toolUse and toolResult content blocks.", "toolConfig"
    named = table(table(config.get("toolChoice")).get("tool")).get("name")
    declared = {table(tool.get("toolSpec")).get("name") for tool in tables(config.get("tools"))}
    if named is not None and named not in declared:
        yield f"The tool choice names {named!r}, which toolConfig.tools does not hold.", "toolConfig.toolChoice"
    text = table(table(table(table(body.get("outputConfig")).get("textFormat")).get("structure")).get("jsonSchema"))
    try:
        json.loads(text.get("schema", "{}"))
    except ValueError:
        yield "The schema of outputConfig.textFormat is no JSON.", "outputConfig.textFormat"
