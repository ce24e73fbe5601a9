"""The question that a recorded request asks about a page, and the answer that its reply gives, whatever the dialect."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.dialects.reading import objects, text_of
from conformance.grounding.rows import url_in
from conformance.grounding.values import Answer, Call, Context, Question, ToolResult, is_error_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.case import Case
    from conformance.dialects.reply import Reply

_USER = frozenset({"user", "human"})
#: Text that a user pastes: in a fence, in triple quotes, in a tag, or as a paragraph of this many words.
_BLOCK = re.compile(r"```\w*\n(.*?)```|\"\"\"(.*?)\"\"\"|<(\w+)>(.*?)</\3>", re.DOTALL)
_PARAGRAPH = 25


class Message(NamedTuple):
    """A message of a request: who speaks, the text, and the tool results in it."""

    role: str
    text: str
    results: tuple[ToolResult, ...]


def question_of(case: Case) -> Question | None:
    """Return the question of an exchange whose last user message with a URL asks about it; None where none has one.

    Tools are the offered ones; tool results, system text and pasted paragraphs are what the model was given to read.
    """
    messages = list(_messages(case.exchange.request.json))
    users = [message for message in messages if message.role in _USER and message.text]
    named = next((message for message in reversed(users) if url_in(message.text)), None)
    if named is None:
        return None
    last = users[-1]
    given = [message.text for message in messages if message.role not in _USER | {"assistant", "model"}]
    pasted = [block for message in users for block in _pasted(message.text)]
    return Question(
        last.text if last is named else f"{named.text}\n{last.text}",
        url_in(named.text),
        Context(
            tools=tuple(case.asked.tools),
            results=tuple(result for message in messages for result in message.results),
            pasted="\n".join([*pasted, *(block for text in given for block in _pasted(text))]),
        ),
    )


def answer_of(reply: Reply) -> Answer | None:
    """Return the first choice's answer with its calls and its refusal; None where the reply holds none."""
    if not reply.choices:
        return Answer("", failed=True) if reply.errors else None
    choice = reply.choices[0]
    calls = tuple(Call(call.name if isinstance(call.name, str) else "", call.arguments) for call in choice.tool_calls)
    return Answer(choice.text or choice.refusal, calls, choice.refusal, failed=bool(reply.errors))


def _messages(body: dict[str, Any]) -> Iterator[Message]:
    for key in ("system", "instructions", "systemInstruction", "system_instruction"):
        if body.get(key):
            yield Message("system", text_of(body[key]), ())
    asked = body.get("messages") or body.get("contents") or body.get("input") or body.get("prompt")
    if isinstance(asked, str):
        yield Message("user", asked, ())
    for item in objects(asked):
        role = str(item.get("role") or ("tool" if "output" in item else "user"))
        if role in {"tool", "function"} or item.get("type") == "function_call_output":
            content = item.get("output") if "output" in item else item.get("content")
            yield Message("tool", "", (_result(content, str(item.get("name") or "")),))
            continue
        parts = item.get("content") if "content" in item else item.get("parts")
        yield Message(role, *_read(parts))


def _read(parts: object) -> tuple[str, tuple[ToolResult, ...]]:
    if isinstance(parts, str):
        return parts, ()
    texts: list[str] = []
    results: list[ToolResult] = []
    for part in objects(parts) or objects([parts]):
        if str(part.get("type")).endswith("tool_result"):  # a provider's own tools have types of their own
            text = "\n".join(_texts(part.get("content")))
            results.append(ToolResult(error=text or "error") if part.get("is_error") else _result(text))
        elif isinstance(part.get("functionResponse"), dict):
            answered = part["functionResponse"]
            results.append(_result(answered.get("response"), str(answered.get("name") or "")))
        elif isinstance(part.get("text"), str):
            texts.append(part["text"])
    return "\n".join(texts), tuple(results)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        plain = (
            value.get("media_type", "text/").startswith("text/")
            if isinstance(value.get("media_type", ""), str)
            else False
        )
        for key, item in value.items():
            if key in {"text", "title", "content", "url", "source"} or (key == "data" and plain):
                yield from _texts(item)


def _result(content: object, name: str = "") -> ToolResult:
    """Read what a tool gave back: an object with `error` or `status`, or text that may be an error itself."""
    value = content
    if isinstance(content, str) and content.lstrip()[:1] == "{":
        try:
            value = json.loads(content)
        except ValueError:
            value = content
    if isinstance(value, dict):
        status = value.get("status", value.get("status_code"))
        error = value.get("error")
        text = text_of(
            {key: item for key, item in value.items() if key not in {"error", "status", "status_code", "name"}}
        )
        return ToolResult(text, text_of(error) if error else "", status if isinstance(status, int) else None, name)
    text = value if isinstance(value, str) else text_of(value)
    if is_error_text(text):
        code = re.search(r"\b[45]\d\d\b", text)
        return ToolResult(error=text, status=int(code.group()) if code else None, name=name)
    return ToolResult(text, name=name)


def _pasted(text: str) -> Iterator[str]:
    blocks = [
        next(group for group in (match[1], match[2], match[4]) if group is not None) for match in _BLOCK.finditer(text)
    ]
    yield from blocks
    for paragraph in re.split(r"\n\s*\n|\n(?=\S)", _BLOCK.sub("", text)):
        if len(paragraph.split()) >= _PARAGRAPH and "?" not in paragraph and not url_in(paragraph):
            yield paragraph
