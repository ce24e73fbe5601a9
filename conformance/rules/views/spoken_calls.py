"""Tool calls that a model wrote into its text: what of a text is nothing but calls of declared tools."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from conformance.wire.dialects.reply import Choice

#: Members that hold a call's arguments in public chat templates: Hermes and Qwen, Llama 3, Anthropic, Cohere (read 2026-11-28).
_ARGUMENTS: Final = ("arguments", "parameters", "input", "args", "tool_input", "action_input")
_NAMES: Final = ("name", "function", "tool", "tool_name", "action")
#: Members that hold one call, or a list of them.
_WRAPPERS: Final = ("tool_calls", "tool_call", "function_call", "function", "calls", "actions")
#: `name {...}`, `name(...)` and `[name(...)]`, as Functionary and Llama 3.2's pythonic template write calls.
_NAMED_CALL: Final = re.compile(r"(?:>>>\s*|\[)?([\w.-]{1,64})\s*(?:\{.*\}|\(.*\))\]?", re.DOTALL)
_ONLY_FENCE: Final = re.compile(r"\A```\w*\n([^`]*)\n?```\Z")
#: ReAct's lines (Yao et al. 2022, as LangChain's agents parse them; read 2026-11-28).
_REACT: Final = re.compile(r"^\s*Action\s*:\s*`?([\w.-]{1,64})`?\s*(?:\n|\(|\{|Action Input)", re.MULTILINE)
_SEPARATOR: Final = re.compile(r"[\s,;]*")
_LONGEST: Final = 20_000  # characters of a text that are looked at
_DEEPEST: Final = 4  # wrappers within wrappers
#: The fewest letters that argument values in a text need: a shorter answer may well be a value ("Paris").
_FEWEST_LETTERS: Final = 8


def spoken_call(text: str, tools: Collection[str], prompt: str) -> str | None:
    """Return the part of a text that calls declared tools; None where the text calls none.

    A part is a name with its arguments, a run of JSON values that are all calls (to the text's end, prose may stand before), or the
    lines `Action:` and `Action Input:` where the prompt does not ask for them.
    """
    bare = text.strip()[:_LONGEST]
    bare = _ONLY_FENCE.sub(r"\1", bare) if bare.startswith("```") else bare
    named = _NAMED_CALL.fullmatch(bare)
    if named and named[1] in tools:
        return bare
    for start in _starts(bare):
        values = _json_run(bare[start:])
        if values and all(_is_call(value, tools) for value in values):
            return bare[start:]
    react = _REACT.search(bare)
    return react[0].strip() if react and react[1] in tools and "Action" not in prompt else None


def spoken_arguments(choice: Choice) -> str | None:
    """Return a text that is nothing but the argument values of the calls beside it, in their order; else None."""
    values = [_letters(value) for call in choice.tool_calls for value in _values(call.arguments)]
    text = _letters(choice.text)
    return choice.text.strip() if len(text) >= _FEWEST_LETTERS and text == "".join(values) else None


def _starts(text: str) -> Iterator[int]:
    """Yield where a run of JSON values may begin: at the text's start, and at the first bracket of a line."""
    if text[:1] in {"{", "["}:
        yield 0
    yield from (match.end() - 1 for match in re.finditer(r"(?:\n|:)\s{0,8}[{\[]", text))


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


def _is_call(value: Any, tools: Collection[str], depth: int = 0) -> bool:  # noqa: ANN401 - any JSON
    if depth > _DEEPEST:
        return False
    if isinstance(value, list):
        return bool(value) and all(_is_call(item, tools, depth + 1) for item in value)
    if not isinstance(value, dict):
        return False
    name = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), None)
    if name is not None and any(isinstance(value.get(key), dict | str) for key in _ARGUMENTS):
        return name in tools
    wrapped = [value[key] for key in _WRAPPERS if isinstance(value.get(key), dict | list)]
    return bool(wrapped) and all(_is_call(item, tools, depth + 1) for item in wrapped)


def _values(arguments: str) -> Iterator[Any]:
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict):
        yield from (item for item in value.values() if isinstance(item, str | int | float))


def _letters(value: Any) -> str:  # noqa: ANN401 - a scalar
    return "".join(str(value).split())
