"""A request of generateContent, read into the emulated model's own terms, or refused as the API refuses it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from conformance.emulator.checks import refuse
from conformance.emulator.dialects.gemini.turns import conversation, misplaced, text_of
from conformance.emulator.dress.plain import plain
from conformance.emulator.loose import table, tables
from conformance.emulator.mind.completion import Refusal
from conformance.emulator.mind.request import AnswerRequest
from conformance.emulator.mind.tokenizer import count
from conformance.emulator.mind.tool_calls import Tool
from conformance.schemas import load_schema
from conformance.wire.dialects.gemini.requests import camel, json_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.dialects import Endpoint, Memory
    from conformance.emulator.dress.context import AnswerContext
    from conformance.emulator.response import Plain
    from conformance.wire.exchange import Request

#: Members that the address states.
_ADDRESSED = frozenset({"model", "stream", "alt", "pageSize", "pageToken"})
_MEANING = ("model", "systemInstruction", "contents", "tools", "toolConfig")
_CONFIG = ("responseMimeType", "responseSchema", "responseJsonSchema", "thinkingConfig")
_SAMPLING = ("temperature", "topP", "topK", "seed")
_PER_TURN = 4  # tokens that a template spends on each turn
_PER_IMAGE = 258
_MODES = {"AUTO": "auto", "VALIDATED": "auto", "ANY": "required", "NONE": "none"}
#: Tokens of a budget up to which thinking is of an effort.
_EFFORTS = ((2048, "low"), (8192, "medium"))


def addressed(request: Request, endpoint: Endpoint, name: str) -> dict[str, Any]:
    """Return what a request's address states: the model, the stream and its framing, the page; and its members in camel case."""
    query = dict(parse_qsl(urlsplit(request.url).query))
    stated: dict[str, Any] = {key: query[key] for key in ("alt", "pageSize", "pageToken") if key in query}
    if endpoint.method == "GET":
        return stated
    spelt = {key: value for key, value in camel(request.json).items() if key not in _ADDRESSED}
    streams = {"stream": True} if endpoint.path.endswith("streamGenerateContent") else {}
    return {**spelt, **stated, "model": name.removeprefix("models/"), **streams}


def read_request(body: Mapping[str, Any], memory: Memory) -> AnswerRequest | Refusal:  # noqa: ARG001 - nothing is kept
    """Read a request that was found sound; refuse one with an unknown member, or whose turns do not fit each other."""
    refusal = _unknown(body) or misplaced(tables(body["contents"])) or _unfitting(body)
    if refusal is not None:
        return refusal
    config = table(body.get("generationConfig"))
    calling = table(table(body.get("toolConfig")).get("functionCallingConfig"))
    heat, thinking = config.get("temperature"), table(config.get("thinkingConfig"))
    hot = heat is None or heat > 0
    wants_json = config.get("responseMimeType") == "application/json"
    schema = config.get("responseJsonSchema") or json_schema(config.get("responseSchema"))
    names = (*_CONFIG, *_SAMPLING) if hot else _CONFIG
    meaning = {name: body[name] for name in _MEANING if body.get(name) is not None}
    meaning |= {name: config[name] for name in names if config.get(name) is not None}
    return AnswerRequest(
        model=body["model"],
        talk=conversation(body["contents"]),
        meaning=json.dumps(meaning, sort_keys=True),
        tools=_tools(body),
        tool_mode=_mode(calling),
        form=("json_schema" if schema else "json_object") if wants_json else "text",
        schema=schema or {"type": "object"},
        choices=config.get("candidateCount") or 1,
        stop=tuple(config.get("stopSequences") or ()),
        limit=config.get("maxOutputTokens"),
        logprobs=config.get("responseLogprobs") is True,
        top_logprobs=config.get("logprobs") or 0,
        effort=_effort(thinking),
        thinks=False if thinking.get("thinkingBudget") == 0 else None,
        hot=hot,
        prompt_tokens=prompt_tokens(body),
    )


def counted(context: AnswerContext, endpoint: Endpoint, name: str, memory: Memory) -> Plain | Refusal:  # noqa: ARG001 - one endpoint
    """Return the answer of `:countTokens`, of contents alone or of a whole request (`generateContentRequest`).

    Source: https://ai.google.dev/api/tokens (read 2026-11-28); 12 recorded answers.
    """
    whole = context.body.get("generateContentRequest")
    body = {**whole, "model": context.body["model"]} if isinstance(whole, dict) else dict(context.body)
    refusal = refuse(body, context.target) or _unknown(body)
    if refusal is not None:
        return refusal
    total = prompt_tokens(body)
    counts = {"totalTokens": total, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": total}]}
    return plain(context, counts)


def prompt_tokens(body: Mapping[str, Any]) -> int:
    """Estimate the tokens of a request."""
    total = 1 + count(text_of(table(body.get("systemInstruction")).get("parts")))
    for content in tables(body.get("contents")):
        parts = tables(content.get("parts"))
        images = sum("inlineData" in part or "fileData" in part for part in parts)
        spoken = [part[name] for part in parts for name in ("functionCall", "functionResponse") if name in part]
        total += _PER_TURN + count(text_of(parts) + "".join(map(json.dumps, spoken))) + _PER_IMAGE * images
    shapes = [body[name] for name in ("tools",) if body.get(name)]
    return total + sum(count(json.dumps(shape)) for shape in shapes)


def _unknown(body: Mapping[str, Any]) -> Refusal | None:
    """Refuse a member that the API does not know."""
    known = load_schema("gemini/request")["properties"].keys() | _ADDRESSED
    name = next((name for name in camel(dict(body)) if name not in known), None)
    if name is None:
        return None
    message = f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.'
    return Refusal("unknown_parameter", message, name)


def _unfitting(body: Mapping[str, Any]) -> Refusal | None:
    """Refuse functions that the choice names and nobody declared, and a form beside no JSON."""
    calling = table(table(body.get("toolConfig")).get("functionCallingConfig"))
    declared = {tool.name for tool in _tools(body)}
    named = calling.get("allowedFunctionNames") or []
    missing = [name for name in named if name not in declared]
    if missing:
        message = f"allowed_function_names: {missing[0]} is not among the declared functions."
        return Refusal("invalid_request", message, "toolConfig")
    return None


def _mode(calling: Mapping[str, Any]) -> str:
    names = calling.get("allowedFunctionNames") or []
    if calling.get("mode") == "ANY" and len(names) == 1:
        return f"={names[0]}"
    return _MODES.get(calling.get("mode", "AUTO"), "auto")


def _tools(body: Mapping[str, Any]) -> tuple[Tool, ...]:
    """Return the functions that may be called: tools that the server runs are not emulated."""
    calling = table(table(body.get("toolConfig")).get("functionCallingConfig"))
    allowed = calling.get("allowedFunctionNames") or []
    declared = (item for tool in tables(body.get("tools")) for item in tables(tool.get("functionDeclarations")))
    return tuple(
        Tool(
            item["name"],
            str(item.get("description") or ""),
            item.get("parametersJsonSchema") or json_schema(item.get("parameters")) or {"type": "object"},
        )
        for item in declared
        if not allowed or item["name"] in allowed
    )


def _effort(thinking: Mapping[str, Any]) -> str:
    """Return the effort of a level, or of a budget."""
    level, budget = thinking.get("thinkingLevel"), thinking.get("thinkingBudget")
    if isinstance(level, str):
        return {"minimal": "low"}.get(level.lower(), level.lower())
    if not isinstance(budget, int) or budget < 0:
        return "medium"
    return next((effort for most, effort in _EFFORTS if budget <= most), "high")
