"""Reading JSON texts quickly while keeping what a lenient parser would hide: duplicate keys, NaN, lone surrogates."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NamedTuple

import orjson

MISSING: Final = object()
#: Levels that are read (RFC 8259 9: "An implementation may set limits on the maximum depth of nesting", read 2026-11-21).
#: orjson writes as many. System.Text.Json stops at 64, serde_json at 128; repr() raises near 1000.
MAX_DEPTH: Final = 254
_TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"
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
    # orjson keeps the last of two equal keys silently, and a hooked parse costs ten times as much. But what is the same when it
    # is written again has lost no key; and where it is not (spaces, escapes), an object that holds a key twice leaves fewer
    # keys than there were colons. Strings hold colons too (a URL, a fragment of arguments): then the ends of keys are counted.
    if _is_written_alike(value, text):
        return Document(value)
    keys, depth = _measure(value)
    if depth > MAX_DEPTH:
        return Document(error=_TOO_DEEP)
    if text.count(b":") == keys or len(_KEY_END.findall(text)) == keys:
        return Document(value)
    return Document(value, duplicates=_duplicate_keys(text))


def _read_lenient(text: bytes, strict: str) -> Document:
    bare = text.removeprefix(b"\xef\xbb\xbf")
    try:
        value = json.loads(bare.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return Document(error=strict)
    if _measure(value)[1] > MAX_DEPTH:
        return Document(error=_TOO_DEEP)
    return Document(value, lenient=strict, duplicates=_duplicate_keys(bare))


def _is_written_alike(value: object, text: bytes) -> bool:
    try:
        return orjson.dumps(value) == text
    except TypeError:  # nested deeper than orjson writes
        return False


def _measure(value: object) -> tuple[int, int]:
    """Count the keys of all objects in a value, and its levels, without recursion: orjson nests deeper than Python's stack."""
    keys = depth = 0
    level: list[Any] = [value] if type(value) in _CONTAINERS else []
    while level:
        depth += 1
        below: list[Any] = []
        for node in level:
            if type(node) is dict:
                keys += len(node)
                for item in node.values():
                    if type(item) in _CONTAINERS:
                        below.append(item)  # noqa: PERF401 - a comprehension costs more for objects as small as these
            else:
                for item in node:
                    if type(item) in _CONTAINERS:
                        below.append(item)  # noqa: PERF401
        level = below
    return keys, depth


def _duplicate_keys(text: bytes) -> tuple[str, ...]:
    outcome: dict[str, None] = {}

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) < len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    outcome[key] = None
                seen.add(key)
        return result

    json.loads(text.decode("utf-8", "surrogatepass"), object_pairs_hook=note)
    return tuple(outcome)
