"""Rows of JSON Lines: `{id, prompt, url, context, response}`, as `conformance grounding` reads them (`schemas/grounding-row.json`)."""

from __future__ import annotations

import json
import re
from typing import Any

from conformance.knowledge.grounding.model import Answer, Call, Context, Question, ToolResult

_URL = re.compile(r"https?://[^\s<>\"'）」』，。]+")


def url_in(prompt: str) -> str:
    """Return the first http(s) URL of a prompt, without the punctuation behind it; empty where there is none."""
    match = _URL.search(prompt)
    return match.group().rstrip(".,;:!?)]}*`") if match else ""


def question_from(row: dict[str, Any]) -> Question:
    """Build the question of a row. A tool is a name, or an object that has one where some API puts it."""
    context = row.get("context") or {}
    results = context.get("tool_result") or context.get("tool_results") or []
    listed = results if isinstance(results, list) else [results]
    prompt = str(row.get("prompt") or "")
    return Question(
        prompt,
        str(row.get("url") or url_in(prompt)),
        Context(
            tools=tuple(name for name in map(tool_name, context.get("tools") or []) if name),
            results=tuple(_result(entry) for entry in listed if entry is not None),
            pasted=str(context.get("pasted_text") or ""),
            canary=str(context.get("canary") or ""),
        ),
    )


def tool_name(tool: object) -> str:
    """Return a tool's name, from a bare name or from OpenAI's, Anthropic's, Gemini's or Bedrock's declaration."""
    if isinstance(tool, str):
        return tool
    if not isinstance(tool, dict):
        return ""
    for key in ("name", "function", "toolSpec"):
        result = tool_name(tool.get(key))
        if result:
            return result
    return str(tool.get("type") or "")


def _result(value: object) -> ToolResult:
    if not isinstance(value, dict):
        return ToolResult(content=str(value))
    content, error, status = value.get("content"), value.get("error"), value.get("status")
    return ToolResult(
        content=content
        if isinstance(content, str)
        else ""
        if content is None
        else json.dumps(content, ensure_ascii=False),
        error=error if isinstance(error, str) else "" if not error else json.dumps(error, ensure_ascii=False),
        status=status if isinstance(status, int) else None,
        name=str(value.get("name") or ""),
    )


def answer_from(response: object) -> Answer:
    """Read a response: text, or a message as OpenAI, Anthropic or Gemini give it, with its calls and its refusal."""
    if isinstance(response, str):
        return Answer(response)
    if not isinstance(response, dict):
        return Answer("" if response is None else json.dumps(response, ensure_ascii=False))
    if response.get("error"):
        return Answer(json.dumps(response, ensure_ascii=False), failed=True)
    choices = response.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        return answer_from(choices[0].get("message") or {})
    parts = response.get("content") or response.get("parts") or []
    texts, calls = ([parts], []) if isinstance(parts, str) else _parts(parts)
    for entry in response.get("tool_calls") or []:
        function = entry.get("function") or entry if isinstance(entry, dict) else {}
        calls.append(Call(str(function.get("name") or ""), _text(function.get("arguments"))))
    refusal = response.get("refusal")
    text = "".join(texts) or (refusal if isinstance(refusal, str) else "")
    return Answer(text, tuple(calls), refusal if isinstance(refusal, str) else "")


def _parts(parts: object) -> tuple[list[str], list[Call]]:
    texts: list[str] = []
    calls: list[Call] = []
    for part in parts if isinstance(parts, list) else [parts]:
        if not isinstance(part, dict):
            continue
        call = part.get("functionCall") or part.get("toolUse") or (part if part.get("type") == "tool_use" else None)
        if isinstance(call, dict):
            calls.append(Call(str(call.get("name") or ""), _text(call.get("args") or call.get("input"))))
        elif isinstance(part.get("text"), str) and not part.get("thought"):
            texts.append(part["text"])
    return texts, calls


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
