"""Any other language: strings by a literal grammar, with the key before them and the brackets around them. Comments are no code."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.knowledge.lifecycle.scan.inside import names_in
from conformance.knowledge.lifecycle.scan.literal import Literal, branch, is_part, qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

_STRING = r"(?<!\\)(?:\"(?:\\.|[^\"\\\n])*+\"|'(?:\\.|[^'\\\n])*+'|`(?:\\.|[^`\\])*+`)"
#: Ruby's lists of words: `%w[gpt-4 gpt-4o]`
_WORDS = r"%[wi](?:\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\})"
_SLASHES = re.compile(
    rf"(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<string>{_WORDS}|{_STRING})|(?P<bracket>[()\[\]{{}}])", re.DOTALL
)
_HASHES = re.compile(rf"(?P<comment>#[^\n]*)|(?P<string>{_WORDS}|{_STRING})|(?P<bracket>[()\[\]{{}}])", re.DOTALL)
#: `key: Type = `, `key = `, `key: `, `key => `, `"key": `, `WithModel(`, `.model(`
_BEFORE = re.compile(r"(\w[\w.-]*)[\"'`]?\]?\s*(?::\s*[\w.<>?*\[\]]+\s*=|:=|=>|[=:(])\s*(?:&|new\s+\w+\()?\s*$")
_CALLED = re.compile(r"([A-Za-z_$@][\w$]*)(?:[.?:!]+\w+)*\s*$")
_LOOK_BACK = 120  # characters before a string that its key is sought in
_LONGEST = 6000  # characters of a bracket that may tell whose a name is
#: Languages whose comments begin with a hash.
HASHED = frozenset({".rb", ".sh", ".bash", ".zsh", ".pl", ".r", ".jl", ".ex", ".exs", ".tf", ".hcl", ".nix", ".ps1"})


@dataclass
class _Span:
    """A pair of brackets, and the key that it is the value of; an open one ends with the file."""

    start: int
    end: int
    key: str


def literals(source: str, *, hashed: bool = False) -> list[Literal]:
    """Return the strings that could be names. `hashed`: comments begin with `#`, not with `//`."""
    grammar = _HASHES if hashed else _SLASHES
    closed = source.rfind("*/") + 1
    source = source[:closed] + source[closed:].replace(
        "/*", "/ "
    )  # an open comment is none, and is not looked for from each
    code = grammar.sub(lambda token: re.sub(r"[^\n]", " ", token[0]) if token["comment"] else token[0], source)
    return list(_literals(code, grammar))


def _literals(code: str, grammar: re.Pattern[str]) -> Iterator[Literal]:
    lines = code.split("\n")
    breaks = [newline.start() for newline in re.finditer("\n", code)]
    open_: list[_Span] = []
    for token in grammar.finditer(code):
        if token["bracket"]:
            if token[0] in "([{":
                open_.append(_Span(token.start(), len(code), _key(code, token.start())))
            elif open_:
                open_.pop().end = token.end()
            continue
        text = token[0][3:-1] if token[0].startswith("%") else token[0][1:-1]
        for inside in names_in(text):
            around = open_[::-1]
            inner = around[0].key if around and code[around[0].start] in "[{" else ""
            own = inside.key or _key(code, token.start()) or inner
            if is_part(own or _called(code, around), inside.name):
                continue
            key = qualified(own, next((span.key for span in around if span.key), ""))
            line = bisect_right(breaks, token.start()) + 1 + inside.line

            def levels(
                key: str = key, around: list[_Span] = around, line: int = line, text: str = text
            ) -> Iterator[str]:
                yield key
                yield text
                yield lines[line - 1]
                yield branch(lines, line)
                for span in around:
                    yield code[span.start : min(span.end, span.start + _LONGEST)]
                    yield span.key
                    yield from _made(code, span)
                yield code

            yield Literal(inside.name, line, key, levels)


def _key(code: str, at: int) -> str:
    before = _BEFORE.search(code[max(0, at - _LOOK_BACK) : at])
    return before[1] if before else ""


def _called(code: str, around: list[_Span]) -> str:
    """Return the function that the innermost brackets call: `HasPrefix` of `strings.HasPrefix(model, "gpt-4")`."""
    at = around[0].start if around else 0
    name = re.search(r"(\w+)\s*$", code[max(0, at - _LOOK_BACK) : at])
    return name[1] if name and code[at] == "(" else ""


def _made(code: str, span: _Span) -> Iterator[str]:
    """Yield the called function, and the constructor of its receiver: `client := groq.New(...)` for `client.Chat(...)`."""
    called = _CALLED.search(code[max(0, span.start - _LOOK_BACK) : span.start])
    if code[span.start] != "(" or called is None:
        return
    yield called[0]
    for made in re.finditer(rf"(?<![\w.]){re.escape(called[1])}\s*(?::=|=)\s*([^;]{{1,400}})", code):
        yield made[1]
