"""The object that a prompt asks for: its keys named in a sentence, shown as a skeleton, or given as a JSON Schema in the text."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.mind.instructions.phrases import languages, words_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.mind.instructions.phrases import Language

_JSON: Final = re.compile(r"\bjson\b|JSON", re.IGNORECASE)
_NAME: Final = r"[^\W\d][\w-]*"
_QUOTE: Final = "[\"'`“”«»]?"
#: One key of a list, and the type that may stand behind it: `age (integer)`, `"age": a number`, `tags as a list`.
_KEY: Final = re.compile(
    rf"{_QUOTE}(?P<key>{_NAME}){_QUOTE}(?:\s*+(?:\((?P<type>[^)]{{0,200}})\)|:\s*+(?P<typed>[^,;\n]*))|\s++as\s++(?P<how>[^,;\n]*))?"
)
_BORDER: Final = re.compile(r"\s*(?:,|、|;)\s*|\s+")
#: What a type is called, in the words of people and of programs.
_TYPES: Final = (
    ("object", re.compile(r"\b(?:dict|mapping)\[", re.IGNORECASE)),
    ("array", re.compile(r"\b(?:list|array|string\[\]|strings)\b|\[", re.IGNORECASE)),
    ("integer", re.compile(r"\bint(?:eger)?\b|\bwhole number\b", re.IGNORECASE)),
    ("number", re.compile(r"\b(?:number|float|decimal|double)\b|^\s*-?\d", re.IGNORECASE)),
    ("boolean", re.compile(r"\bbool(?:ean)?\b|\btrue\b|\bfalse\b", re.IGNORECASE)),
    ("object", re.compile(r"\b(?:object|dict|map)\b", re.IGNORECASE)),
)
_MEMBER: Final = re.compile(rf"[\"'](?P<key>{_NAME})[\"']\s*:\s*(?P<type>[^,}}\n]*)")
#: The values that a type names one by one.
_LITERAL: Final = re.compile(r"\bLiteral\[([^\[\]]*)\]")
_LONGEST: Final = 20_000  # characters in which a skeleton is looked for


def asked_schema(prompt: str) -> dict[str, Any] | None:
    """Return a JSON Schema of the object that a prompt asks for; None where it names no key."""
    if not _JSON.search(prompt):
        return None
    shown = _shown(prompt[:_LONGEST])
    if shown is not None:
        return shown
    keys = _named(prompt)
    return _object({key: _typed(type_) for key, type_ in keys.items()}) if keys else None


def asks_for_json(prompt: str) -> bool:
    """Whether a prompt asks for an answer in JSON; one that only speaks of JSON does not."""
    return _JSON.search(prompt) is not None and any(_asks(language, prompt) for language in languages())


def _asks(language: Language, prompt: str) -> bool:
    if not language.json:
        return language.holds(prompt, language.keys)
    words = words_pattern(language.json, spaced=language.spaced)
    return re.search(rf"{words}\s{{0,9}}(?:\w{{1,40}}\s{{1,9}})?JSON", prompt, re.IGNORECASE) is not None


def _shown(prompt: str) -> dict[str, Any] | None:
    """Return the schema of the first object in a text: a JSON Schema as it stands, else one of a skeleton's members."""
    for start in (match.start() for match in re.finditer(r"\{", prompt)):
        try:
            value, _ = json.JSONDecoder().raw_decode(prompt, start)
        except ValueError:
            continue
        if not value:
            continue
        return value if value.get("type") == "object" and "properties" in value else _schema_of(value)
    braces = re.search(r"\{[^{}]*\}", prompt)
    members = {found["key"]: found["type"] for found in _MEMBER.finditer(braces[0])} if braces else {}
    return _object({key: _typed(type_) for key, type_ in members.items()}) if members else None


def _schema_of(value: object) -> dict[str, Any]:
    """Return the schema of an example: of a skeleton, whose texts may name a type."""
    if isinstance(value, dict):
        return _object({str(key): _schema_of(member) for key, member in value.items()})
    if isinstance(value, list):
        return {"type": "array", "items": _schema_of(value[0]) if value else {"type": "string"}, "minItems": 1}
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int | float):
        return {"type": "integer" if isinstance(value, int) else "number"}
    return _typed(value if isinstance(value, str) else "")


def _named(prompt: str) -> dict[str, str]:
    """Return the keys that a sentence names, each with the words of its type."""
    for language in languages():
        if not language.keys:
            continue
        words = "|".join(re.escape(word) for word in sorted(language.keys, key=len, reverse=True))
        either = "|".join(re.escape(word) for word in (*language.or_, *_ANDS))
        if language.spaced:
            match = re.search(
                rf"(?<!\w)(?:{words})(?!\w)(?:\s*+:)?\s++(?:(?:named|called)\s++)?(?P<list>.+)", prompt, re.IGNORECASE
            )
            keys = _listed(re.split(r"[.!?\n](?:\s|$)", match["list"])[0], either) if match else {}
            keys = keys or _quoted_before(prompt, words, either)
        else:
            name = r"(?<![A-Za-z0-9_])[A-Za-z_][A-Za-z0-9_]*+"
            match = re.search(
                rf"(?P<list>{name}(?:\s{{0,9}}(?:[、,\uff0c]|{either})\s{{0,9}}{name}){{0,50}})\s{{0,9}}\w{{0,3}}\s{{0,9}}(?:{words})",
                prompt,
            )
            keys = dict.fromkeys(re.findall(name, match["list"]), "") if match else {}
        if keys:
            return keys
    return {}


_ANDS: Final = (
    "and",
    "then",
    "dann",
    "puis",
    "luego",
    "poi",
    "und",
    "et",
    "y",
    "e",
    "ed",
    "en",
    "i",
    "oraz",
    "и",
    "和",
    "与",
    "と",
    "와",
    "과",
    "및",
    "और",
    "و",
)


def _quoted_before(prompt: str, words: str, either: str) -> dict[str, str]:
    """Return the quoted names in front of the word for keys: `with 'title' and 'author' keys`. Without quotes they may be any words."""
    name = r"[\"'`“”«»][^\W\d][\w-]{0,80}[\"'`“”«»]"
    border = rf"\s{{0,9}}(?:,\s{{0,9}})?(?:(?:{either})\s{{1,9}})?"
    match = re.search(rf"(?P<list>{name}(?:{border}{name}){{0,50}})\s{{1,9}}(?:{words})(?!\w)", prompt, re.IGNORECASE)
    return {quoted[1:-1]: "" for quoted in re.findall(name, match["list"])} if match else {}


def _listed(text: str, either: str) -> dict[str, str]:
    """Return the keys of a list up to the first word that is none: `title, author and date for the page` names three."""
    keys: dict[str, str] = {}
    at = 0
    while match := _KEY.match(text, at):
        keys[match["key"]] = match["type"] or match["typed"] or match["how"] or ""
        border = re.compile(rf"\s*+(?:,|、|;)\s*+(?:(?:{either})\s+)*|(?:\s++(?:{either}))+\s++").match(
            text, match.end()
        )
        if border is None:
            break
        at = border.end()
    return {key: type_ for key, type_ in keys.items() if key.lower() not in _NO_KEYS}


#: What stands behind "keys" and names none.
_NO_KEYS: Final = frozenset(
    {
        "for",
        "of",
        "in",
        "to",
        "that",
        "which",
        "from",
        "the",
        "a",
        "an",
        "are",
        "is",
        "must",
        "should",
        "with",
        "as",
        "your",
    }
)


def _typed(words: str) -> dict[str, Any]:
    values = re.findall(r"[\"']([^\"']+)[\"']", literal[1]) if (literal := _LITERAL.search(words)) else []
    if values:
        return {"enum": values}
    for name, pattern in _TYPES:
        if pattern.search(words):
            return {"type": name, "items": {"type": "string"}, "minItems": 1} if name == "array" else {"type": name}
    return {"type": "string"}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
