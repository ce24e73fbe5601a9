"""The part of structured fields that rate limits use: a list of items with parameters, or a dictionary of numbers.

Source: RFC 9651 3.1 and 3.2 (read 2026-11-21). Inner lists and dates are not read: no field here has them.
"""

from __future__ import annotations

import re
from typing import TypeAlias

Bare: TypeAlias = str | int | float | bool
#: A member's parameters by name; its own value stands under the empty name.
Member: TypeAlias = dict[str, Bare]

_BARE = r'"(?:[^"\\]|\\["\\])*"|:[A-Za-z0-9+/=]*:|\?[01]|-?\d{1,15}(?:\.\d{1,3})?|[A-Za-z*][\w!#$%&\'*+.^`|~:/-]*'
_KEY = r"[a-z*][a-z0-9_.*-]*"
_PARAMETER = re.compile(rf"; *({_KEY})(?:=({_BARE}))?")
_ITEM = re.compile(rf"({_BARE})((?:{_PARAMETER.pattern})*)")
_PAIR = re.compile(rf"({_KEY})=({_BARE})((?:{_PARAMETER.pattern})*)")
_COMMA = re.compile(r"[ \t]*,[ \t]*")


def parse_members(text: str) -> list[Member] | None:
    """Return the members of a list, or a dictionary as one member; None where the text is neither. Never raises."""
    text = text.strip()[:4000]
    return _dictionary(text) or _list(text)


def _dictionary(text: str) -> list[Member] | None:
    found: Member = {}
    at = 0
    while match := _PAIR.match(text, at):
        found[match[1]] = _bare(match[2])
        at = match.end()
        if at == len(text):
            return [found]
        comma = _COMMA.match(text, at)
        if comma is None:
            return None
        at = comma.end()
    return None


def _list(text: str) -> list[Member] | None:
    members: list[Member] = []
    at = 0
    while match := _ITEM.match(text, at):
        parameters = {name: _bare(value) if value else True for name, value in _PARAMETER.findall(match[2])}
        members.append({"": _bare(match[1]), **parameters})
        at = match.end()
        if at == len(text):
            return members
        comma = _COMMA.match(text, at)
        if comma is None:
            return None
        at = comma.end()
    return None


def _bare(text: str) -> Bare:
    if text.startswith('"'):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if text.startswith("?"):
        return text == "?1"
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d+\.\d+", text) else text
