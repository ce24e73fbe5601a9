"""Reading JSON texts quickly while keeping what a lenient parser would hide: duplicate keys, NaN, lone surrogates."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NamedTuple

import orjson

MISSING: Final = object()
_CONTAINERS = (dict, list)
_KEY_END = re.compile(rb'"[ \t\r\n]*:')


class Document(NamedTuple):
    """One JSON text, read. `error` is set where it is none, and `value` is then `MISSING`.

    `lenient` says that only a lenient parser reads it (NaN, Infinity, lone surrogates, a leading BOM);
    `duplicates` names keys that one object holds twice (RFC 8259 4: "names within an object SHOULD be unique", read 2026-11-21).
    """

    value: Any = MISSING
    error: str | None = None
    lenient: str | None = None
    duplicates: tuple[str, ...] = ()


def read_json(text: bytes) -> Document:
    """Read one JSON text. Never raises: what is wrong stands in the result."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as strict:
        return _read_lenient(text, str(strict))
    # orjson keeps the last of two equal keys silently, and a hooked parse costs ten times as much. But an object that holds
    # a key twice leaves fewer keys than there were colons: the colons are counted first, and where strings hold some too
    # (a URL, a fragment of arguments), what looks like the end of a key.
    count = _count_keys(value)
    if text.count(b":") == count or len(_KEY_END.findall(text)) == count:
        return Document(value)
    return Document(value, duplicates=_duplicate_keys(text))


def _read_lenient(text: bytes, strict: str) -> Document:
    bare = text.removeprefix(b"\xef\xbb\xbf")
    try:
        value = json.loads(bare.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return Document(error=strict)
    return Document(value, lenient=strict, duplicates=_duplicate_keys(bare))


def _count_keys(value: object) -> int:
    """Count the keys of all objects in a value, however deep: orjson nests further than Python recurses."""
    count = 0
    nodes: list[Any] = [value] if type(value) in _CONTAINERS else []
    for node in nodes:  # it grows meanwhile
        if type(node) is dict:
            count += len(node)
            for item in node.values():
                if type(item) in _CONTAINERS:
                    nodes.append(item)  # noqa: PERF401 - a comprehension would cost more for each small object
        else:
            for item in node:
                if type(item) in _CONTAINERS:
                    nodes.append(item)  # noqa: PERF401
    return count


def _duplicate_keys(text: bytes) -> tuple[str, ...]:
    found: dict[str, None] = {}

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) < len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    found[key] = None
                seen.add(key)
        return result

    try:
        json.loads(text.decode("utf-8", "surrogatepass"), object_pairs_hook=note)
    except (ValueError, RecursionError):  # already read once by a stricter parser: nothing more to learn
        return ()
    return tuple(found)
