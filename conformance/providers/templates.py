"""Templates in a provider's TOML: the text `{uuid}` or `chatcmpl-{alnum:29}`, parsed, and the names that it may use."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from conformance.errors import suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from conformance.providers.toml_lines import KeyPath

#: Drawn or computed for each answer; `schemas/provider.json` says where each is known.
NAMES = frozenset(
    {
        *("null", "absent"),
        *("uuid", "now", "now_ms", "now_float", "iso", "http_date"),
        *(
            "model",
            "id",
            "created",
            "index",
            "text",
            "piece",
            "reasoning",
            "reasoning_piece",
            "finish_reason",
            "arguments",
            "name",
        ),
        *("prompt_tokens", "completion_tokens", "total_tokens", "reasoning_tokens", "cached_tokens", "usage"),
        *("answer_tokens", "text_so_far"),  # completion tokens without reasoning; the text up to this delta
        *("queue_time", "prompt_time", "completion_time", "total_time", "ttft", "tps"),
        *("status", "message", "type", "code", "param"),
        *("token", "logprob", "bytes"),
    }
)
_LENGTH = re.compile(r"[1-9][0-9]{0,3}")
_NUMBER = r"-?[0-9]+"
_DECIMAL = r"-?[0-9]+(?:\.[0-9]+)?"
#: Names that take an argument after a colon, and how it looks.
WITH_ARGUMENT = {
    "hex": _LENGTH,
    "alnum": _LENGTH,
    "lower": _LENGTH,
    "upper": _LENGTH,
    "digits": _LENGTH,
    "base64": _LENGTH,
    "int": re.compile(rf"{_NUMBER}\.\.{_NUMBER}"),
    "float": re.compile(rf"{_DECIMAL}\.\.{_DECIMAL}"),
    "pick": re.compile(r"[^|]*(?:\|[^|]*)+"),
}
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class Placeholder(NamedTuple):
    """What stands between braces: `{hex:10}` has the argument "10", `{now}` an empty one."""

    name: str
    argument: str


Part: TypeAlias = str | Placeholder


@cache
def parts(text: str) -> tuple[Part, ...]:
    """Return the literal pieces and placeholders of a template, in order.

    Raises:
        ValueError: a brace stands alone; write `{{` for a literal one.
    """
    result: list[Part] = []
    at = 0
    for match in _TOKEN.finditer(text):
        result.append(text[at : match.start()])
        at = match.end()
        if match[0] in {"{{", "}}"}:
            result.append(match[0][0])
        elif match[1] is None:
            raise ValueError(f"a single {match[0]!r}")
        else:
            name, _, argument = match[1].partition(":")
            result.append(Placeholder(name, argument))
    result.append(text[at:])
    return tuple(part for part in result if part != "")


def problems(value: object, known: Collection[str], at: KeyPath = ()) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield (key, what is wrong, remedy) for every template of a value that cannot be filled in.

    Args:
        value: what TOML holds: lists and tables are walked, strings are templates.
        known: the names of the provider's own `[wire.values]`.
        at: the key that the value stands under.
    """
    if isinstance(value, dict):
        for key, item in value.items():
            yield from problems(item, known, (*at, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from problems(item, known, (*at, number))
    elif isinstance(value, str):
        try:
            for part in parts(value):
                wrong = _wrong(part, known)
                if wrong:
                    yield at, *wrong
        except ValueError as error:
            yield at, f"{error} in {value!r}", "write {{ and }} for literal braces"


def _wrong(part: Part, known: Collection[str]) -> tuple[str, str] | None:
    if isinstance(part, str) or (not part.argument and (part.name in NAMES or part.name in known)):
        return None
    form = WITH_ARGUMENT.get(part.name)
    if form is None:
        every = [*NAMES, *WITH_ARGUMENT, *known]
        remedy = suggest(part.name, every, otherwise="name it in [wire.values], or write {{ for a brace")
        return f"unknown placeholder {{{':'.join(filter(None, part))}}}", remedy
    if not form.fullmatch(part.argument):
        example = {"int": "{int:1..9}", "float": "{float:0.1..0.9}", "pick": "{pick:a|b}"}.get(part.name)
        return (
            f"placeholder {{{':'.join(filter(None, part))}}} has a bad argument",
            f"write {example or f'{{{part.name}:24}}'}",
        )
    return None
