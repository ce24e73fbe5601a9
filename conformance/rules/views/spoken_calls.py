"""Tool calls that a model wrote into its text: the part of a text that calls a declared tool, in whatever notation."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.wire.dialects.reply import Choice

#: Members that hold a call's arguments in public chat templates: Hermes and Qwen, Llama 3, Anthropic, Cohere (read 2026-11-28).
_ARGUMENTS: Final = ("arguments", "parameters", "input", "args", "kwargs", "tool_input", "action_input")
_NAMES: Final = ("name", "function", "tool", "tool_name", "action", "function_name", "recipient_name")
#: Members that hold one call, or a list of them.
_WRAPPERS: Final = (
    "tool_calls",
    "tool_call",
    "function_call",
    "function",
    "calls",
    "actions",
    "tool_uses",
    "functionCall",
)
#: `name {...}`, `name(...)`, `[name(...), ...]`, `print(name(...))` and `functions.name:0{...}`, as Functionary, Llama 3.2's pythonic
#: template, Gemma and Kimi write calls (read 2026-11-28).
_NAMED_CALL: Final = re.compile(
    r"(?:>>>\s*|\[|print\()?(?:functions?\.|default_api\.)?([\w.-]{1,64}?)(?::\d+)?\s*(?:<\|[\w ]+\|>\s*)?(?:\{.*\}|\(.*\))[\])]?",
    re.DOTALL,
)
_FENCES: Final = re.compile(
    r"```(?:json|jsonc|tool_code|tool_call|tool|python|xml)?[ \t]*\n(.*?)(?:\n?```|\Z)", re.DOTALL
)
#: ReAct's lines (Yao et al. 2022, as LangChain's agents parse them; read 2026-11-28).
_REACT: Final = re.compile(
    r"^[ \t]*+\**+Action\**+\s*+:\**+\s*+`?([\w.-]{1,64})`?\s*(?:\n|\(|\{|\[|\**Action Input)", re.MULTILINE
)
#: XML in which agents' templates write calls: a tag of the tool's name, or a tag of a call that names the tool first.
_TAG: Final = re.compile(r"<([\w.-]{1,64})>.*</\1>", re.DOTALL)
_CALL_TAG: Final = re.compile(
    r"<(?:tool_use|tool|invoke|function|function_call|use_tool|use_mcp_tool|call)\b[^>]*>\s*(?:<(?:tool_)?name>)?\s*([\w.-]{1,64})"
    r"|<(?:invoke|function|tool|tool_use) (?:name|tool)=\"([\w.-]{1,64})\"",
)
#: The beginning of a call that a limit cut.
_BEGUN: Final = re.compile(
    r"\A[\[\s]*\{\s*\"(?:name|function|tool|tool_name|action)\"\s*:\s*\"([\w.-]{1,64})\"\s*,\s*\"(?:arguments|parameters|input|args|tool_input)\""
)
#: The same in YAML: the name of the tool, and its arguments in a block below.
_YAML: Final = re.compile(
    r"(?:^|\n)(?:- )?(?:name|function|tool|tool_name|action)\s*:\s*[\"']?([\w.-]{1,64})[\"']?[^\S\n]*+\n"
    r"\s*+(?:arguments|parameters|input|args|action_input)\s*:"
)
_SEPARATOR: Final = re.compile(r"[\s,;]*")
#: Requests for the notation itself, beside the tool's name: a call that is shown in prose was asked for.
_SHOW: Final = re.compile(
    r"json|show|example|format|look|how|schema|zeig|beispiel|montre|exemple|muestra|ejemplo|\u793a\u4f8b|\u4f8b",
    re.IGNORECASE,
)
_LONGEST: Final = 20_000  # characters of a text that are looked at
_DEEPEST: Final = 4  # wrappers within wrappers
_MOST_STARTS: Final = 60  # brackets that are tried
#: The fewest letters that argument values in a text need: a shorter answer may well be a value ("Paris").
_FEWEST_LETTERS: Final = 8


def spoken_call(text: str, tools: Mapping[str, Any], prompt: str) -> str | None:
    """Return the part of a text that calls declared tools; None where the text calls none.

    A text that is nothing but a call is one. In a text with prose, a JSON value or a fence that is a call counts, unless the prompt
    names the tool and asks how such a call is written.
    """
    bare = text.strip()[:_LONGEST]
    fence = _FENCES.fullmatch(bare)
    bare = fence[1].strip() if fence else bare
    if _is_written_call(bare, tools):
        return bare
    shown_as_asked = _SHOW.search(prompt) is not None and any(name in prompt for name in tools)
    if shown_as_asked:
        return None
    for part in _FENCES.finditer(bare):
        if _is_written_call(part[1].strip(), tools):
            return part[1].strip()
    for start in islice(_starts(bare), _MOST_STARTS):
        value = _json_at(bare, start)
        if value is not None and _is_call(value, tools):
            return bare[start:]
    react = _REACT.search(bare)
    return react[0].strip() if react and react[1] in tools and "Action" not in prompt else None


def _is_written_call(text: str, tools: Mapping[str, Any]) -> bool:
    """Whether a text is nothing but calls: named, in JSON, in tags, or the beginning of one."""
    named = _NAMED_CALL.fullmatch(text)
    if named and named[1] in tools:
        return True
    begun = _BEGUN.match(text)
    if begun and begun[1] in tools:
        return True
    yaml = _YAML.match(text)
    if yaml and yaml[1] in tools:
        return True
    tag, call_tag = _TAG.fullmatch(text), _CALL_TAG.match(text)
    if (tag and tag[1] in tools) or (call_tag and (call_tag[1] or call_tag[2]) in tools):
        return True
    values = _json_run(text)
    return bool(values) and all(_is_call(value, tools) or _is_keyed_call(value, tools) for value in values or ())


def spoken_arguments(choice: Choice, prompt: str) -> str | None:
    """Return a text that is nothing but the argument values of the calls beside it, with or without their names; else None."""
    arguments = [item for call in choice.tool_calls for item in _members(call.arguments)]
    text = choice.text.strip()
    if text[:1] == "{" and text not in prompt and _is_arguments(text, choice):
        return text
    values = [value for _, value in arguments]
    if sum(map(len, values)) < _FEWEST_LETTERS or len(_letters(text)) < _FEWEST_LETTERS or text in prompt:
        return None
    rest = _letters(text)
    if rest == "".join(values):
        return text
    for piece in sorted(values, key=len, reverse=True):
        if piece not in rest:
            return None
        rest = rest.replace(piece, "", 1)
    for name in sorted({name for name, _ in arguments}, key=len, reverse=True):
        rest = rest.replace(name, "")
    return text if not rest.strip("{}[]\"',:=;-*") else None


def _is_arguments(text: str, choice: Choice) -> bool:
    """Whether a text is the JSON object that a call beside it has as its arguments."""
    said = _json_run(text)
    return (
        said is not None
        and len(said) == 1
        and bool(said[0])
        and any(_json_run(call.arguments) == said for call in choice.tool_calls)
    )


def _starts(text: str) -> Iterator[int]:
    """Yield where a JSON value may begin."""
    yield from (match.start() for match in re.finditer(r"[{\[](?=\s*[\"{\[])", text))


def _json_at(text: str, start: int) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.JSONDecoder().raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None


def _json_run(text: str) -> list[Any] | None:
    """Return the JSON values that a text consists of; None where something else is in it."""
    decoder, values, at = json.JSONDecoder(), [], 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return None
        values.append(value)
        separator = _SEPARATOR.match(text, at)
        at = separator.end() if separator else at
    return values


def _is_call(value: Any, tools: Mapping[str, Any], depth: int = 0) -> bool:  # noqa: ANN401 - any JSON
    if depth > _DEEPEST:
        return False
    if isinstance(value, list):
        return bool(value) and all(_is_call(item, tools, depth + 1) for item in value)
    if not isinstance(value, dict):
        return False
    name = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), None)
    if name is not None and any(isinstance(value.get(key), dict | str) for key in _ARGUMENTS):
        return name.removeprefix("functions.") in tools
    wrapped = [value[key] for key in _WRAPPERS if isinstance(value.get(key), dict | list)]
    return bool(wrapped) and all(_is_call(item, tools, depth + 1) for item in wrapped)


def _is_keyed_call(value: Any, tools: Mapping[str, Any]) -> bool:  # noqa: ANN401 - any JSON
    """Whether an object has one member, of a tool's name, that holds an object of the tool's parameters."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    name, arguments = next(iter(value.items()))
    schema = tools.get(name)
    known = schema.get("properties") if isinstance(schema, dict) else None
    return (
        name in tools
        and isinstance(arguments, dict)
        and set(arguments) <= set(known if isinstance(known, dict) else ())
    )


def _members(arguments: str) -> Iterator[tuple[str, str]]:
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict):
        yield from (
            (_letters(name), _letters(item)) for name, item in value.items() if isinstance(item, str | int | float)
        )


def _letters(value: Any) -> str:  # noqa: ANN401 - a scalar
    return "".join(str(value).split())
