"""A Messages request, read into the emulated model's own terms, or refused as the API refuses it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.emulator.checks import refuse
from conformance.emulator.dialects.anthropic_messages.turns import misplaced, spoken, text_of, turns_of
from conformance.emulator.dress.plain import plain
from conformance.emulator.loose import table, tables
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.mind.request import AnswerRequest
from conformance.emulator.mind.tokenizer import count
from conformance.emulator.mind.tool_calls import Tool
from conformance.schemas import load_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.dialects import Endpoint, Memory
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Plain

_MEANING = ("model", "system", "messages", "tools", "tool_choice", "output_config", "output_format", "thinking")
_SAMPLING = ("temperature", "top_p", "top_k")
_PER_TURN = 4  # tokens that a template spends on each message
_PER_IMAGE = 85
_MODES = {"auto": "auto", "any": "required", "none": "none"}
#: Tokens of a budget up to which thinking is of an effort.
_EFFORTS = ((2048, "low"), (8192, "medium"))


def read_request(body: Mapping[str, Any], memory: Memory) -> AnswerRequest | Refusal:  # noqa: ARG001 - nothing is kept
    """Read a request that was found sound; refuse one with an unknown member, or whose turns do not fit each other."""
    refusal = _unknown(body) or misplaced(tables(body["messages"])) or _overthought(body)
    if refusal is not None:
        return refusal
    turns = turns_of(tables(body["messages"]))
    layout = table(table(body.get("output_config")).get("format")) or table(
        body.get("output_format")
    )  # its beta's name
    choice = table(body.get("tool_choice"))
    heat, thinking = body.get("temperature"), table(body.get("thinking"))
    hot = heat is None or heat > 0
    names = (*_MEANING, *_SAMPLING) if hot else _MEANING
    return AnswerRequest(
        model=body["model"],
        talk=spoken(turns),
        meaning=json.dumps({name: body[name] for name in names if body.get(name) is not None}, sort_keys=True),
        tools=_tools(body),
        tool_mode=f"={choice['name']}" if choice.get("type") == "tool" else _MODES[choice.get("type", "auto")],
        parallel=choice.get("disable_parallel_tool_use") is not True,
        form="json_schema" if layout else "text",
        schema=layout.get("schema") or {"type": "object"},
        stop=tuple(body.get("stop_sequences") or ()),
        limit=body["max_tokens"],
        effort=_effort(thinking),
        thinks=thinking.get("type") in {"enabled", "adaptive"},
        hot=hot,
        prompt_tokens=prompt_tokens(body),
    )


def counted(context: AnswerContext, endpoint: Endpoint, name: str, memory: Memory) -> Plain | Refusal:  # noqa: ARG001 - one endpoint
    """Return the answer of `POST /messages/count_tokens`: the tokens of a request that needs no limit.

    Source: https://docs.anthropic.com/en/api/messages-count-tokens (read 2026-11-21).
    """
    refusal = refuse({"max_tokens": 1, **context.body}, context.target) or _unknown(context.body)
    if refusal is not None:
        return refusal
    body = {"input_tokens": prompt_tokens(context.body)}
    return plain(context, body)


def prompt_tokens(body: Mapping[str, Any]) -> int:
    """Estimate the tokens of a request."""
    total = 3 + count(text_of(body.get("system")))
    for message in tables(body.get("messages")):
        blocks = tables(message.get("content"))
        inputs = "".join(json.dumps(block["input"]) for block in blocks if "input" in block)
        results = "".join(text_of(block.get("content")) for block in blocks if block.get("type") == "tool_result")
        images = sum(block.get("type") == "image" for block in blocks)
        total += _PER_TURN + count(text_of(message.get("content")) + results + inputs) + _PER_IMAGE * images
    shapes = [body[name] for name in ("tools", "output_config", "output_format") if body.get(name)]
    return total + sum(count(json.dumps(shape)) for shape in shapes)


def _unknown(body: Mapping[str, Any]) -> Refusal | None:
    """Refuse a member that the API does not know (recorded: `x: Extra inputs are not permitted`)."""
    known = load_schema("anthropic-messages/request")["properties"]
    name = next((name for name in body if name not in known), None)
    return None if name is None else Refusal("unknown_parameter", f"{name}: Extra inputs are not permitted", name)


def _overthought(body: Mapping[str, Any]) -> Refusal | None:
    """Refuse a budget of thinking that leaves no room for an answer, and sampling or a forced call beside it."""
    thinking = table(body.get("thinking"))
    if thinking.get("type") != "enabled":
        return None
    if thinking["budget_tokens"] >= body["max_tokens"]:
        return Refusal(
            "invalid_request", "`max_tokens` must be greater than `thinking.budget_tokens`", "thinking.budget_tokens"
        )
    if body.get("temperature") not in {None, 1}:
        return Refusal("invalid_request", "`temperature` may only be set to 1 when thinking is enabled.", "temperature")
    if table(body.get("tool_choice")).get("type") in {"any", "tool"}:
        return Refusal(
            "invalid_request", "Thinking may not be enabled when tool_choice forces tool use.", "tool_choice"
        )
    return None


def _tools(body: Mapping[str, Any]) -> tuple[Tool, ...]:
    """Return the functions that may be called: tools that the server runs are not emulated."""
    own = (tool for tool in tables(body.get("tools")) if "input_schema" in tool)
    return tuple(Tool(tool["name"], str(tool.get("description") or ""), tool["input_schema"]) for tool in own)


def _effort(thinking: Mapping[str, Any]) -> str:
    """Return the effort of a budget."""
    budget = thinking.get("budget_tokens", 0)
    return next((effort for most, effort in _EFFORTS if budget <= most), "high")
