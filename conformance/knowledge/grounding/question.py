"""The question that a recorded request asks about a page, and the answer that its reply gives, whatever the dialect."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from conformance.knowledge.grounding.model import Answer, Call, Context, Question, ToolResult, is_error_text
from conformance.knowledge.grounding.rows import url_in
from conformance.wire.dialects.ask import Result
from conformance.wire.dialects.reading import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.case import Case
    from conformance.wire.dialects.ask import Turn
    from conformance.wire.dialects.reply import Reply

#: Text that a user pastes: in a fence, in triple quotes, in a tag, or as a paragraph of so many words.
_OPENS = re.compile(r"```\w*\n|\"\"\"|<(\w+)>")
_CLOSES = re.compile(r"```|\"\"\"|</(\w+)>")
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
    messages = [_message(turn) for turn in case.asked.turns]
    users = [message for message in messages if message.role == "user" and message.text]
    named = next((message for message in reversed(users) if url_in(message.text)), None)
    if named is None:
        return None
    last = users[-1]
    given = [message.text for message in messages if message.role == "system"]
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


def _message(turn: Turn) -> Message:
    return Message(turn.role, turn.text, tuple(_given(part) for part in turn.parts if isinstance(part, Result)))


def _given(result: Result) -> ToolResult:
    if result.failed:
        return ToolResult(error=result.content or "error")
    return _result(result.content, result.name or "")


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


def _blocks(text: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield where each block starts, where its text starts and ends, and where the block ends. An open one is none."""
    marks: dict[str, list[re.Match[str]]] = {}
    for mark in _CLOSES.finditer(text):
        marks.setdefault(mark[1] or mark[0], []).append(mark)
    starts, at = {name: [mark.start() for mark in found] for name, found in marks.items()}, 0
    for opening in _OPENS.finditer(text):
        name = opening[1] or opening[0][:3]
        number = bisect_left(starts.get(name, []), opening.end())
        if opening.start() >= at and number < len(starts.get(name, [])):
            closing = marks[name][number]
            at = closing.end()
            yield opening.start(), opening.end(), closing.start(), at


def _pasted(text: str) -> Iterator[str]:
    rest, at = [], 0
    for start, inside, outside, end in _blocks(text):
        yield text[inside:outside]
        rest.append(text[at:start])
        at = end
    for paragraph in re.split(r"\n\s*\n|\n(?=\S)", "".join([*rest, text[at:]])):
        if len(paragraph.split()) >= _PARAGRAPH and "?" not in paragraph and not url_in(paragraph):
            yield paragraph
