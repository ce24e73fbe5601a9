"""The maker of a model name, from the words near it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conformance.knowledge.lifecycle.lookup import heads
from conformance.knowledge.lifecycle.names import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_CLUES: Final = Path(__file__).parent / "clues.toml"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
#: A run that may be a model's name; addresses are none.
_RUN = re.compile(r"(?<![\w./:@-])[A-Za-z][\w./:@+-]*")
_SHORT = 3
#: A setting that sends a client to another host than its own.
_ELSEWHERE = re.compile(r"base[ _-]?(url|path|uri)|api[ _-]?base|end[ _-]?point", re.IGNORECASE)


@dataclass(frozen=True)
class Clue:
    """The clues that identify a provider, as clues.toml has them."""

    provider: str
    pattern: re.Pattern[str]
    prefixes: frozenset[str]
    over: frozenset[str]
    alone: tuple[str, ...]
    weak: bool
    owners: bool
    own_machine: bool = False
    schemes: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    resources: tuple[re.Pattern[str], ...] = ()
    variants: tuple[str, ...] = ()


@cache
def clues() -> Mapping[str, Clue]:
    """Return the clues of every provider that has some."""
    with _CLUES.open("rb") as file:
        tables = tomllib.load(file)
    return {
        name: Clue(
            name,
            _pattern(table["words"]),
            frozenset(table.get("prefixes", (name,))),
            frozenset(table.get("over", ())),
            tuple(table.get("alone", ())),
            weak=table.get("weak", False),
            owners=table.get("owners", False),
            own_machine=table.get("own_machine", False),
            schemes=frozenset(table.get("schemes", ())),
            hosts=frozenset(table.get("hosts", ())),
            resources=tuple(re.compile(pattern) for pattern in table.get("resources", ())),
            variants=tuple(table.get("variants", ())),
        )
        for name, table in tables.items()
    }


def stands_alone(provider: str, name: str) -> bool:
    """Return True if an id is taken for a provider's own where nothing near it tells whose it is."""
    return provider in clues() and any(fnmatchcase(name, pattern) for pattern in clues()[provider].alone)


@cache
def of_prefix(prefix: str, *, scheme: bool = False) -> str | None:
    """Return the provider whose router prefix this is (`groq` of `groq/llama-3.3-70b-versatile`). `scheme`: before a colon."""
    prefix = prefix.lower()
    return next(
        (name for name, clue in clues().items() if prefix in clue.prefixes or (scheme and prefix in clue.schemes)), None
    )


def of_resource(text: str) -> tuple[str, str] | None:
    """Return the provider whose resource path a text is (an ARN, `publishers/.../models/...`), and the name in it."""
    for name, clue in clues().items():
        for pattern in clue.resources:
            if match := pattern.match(text):
                return name, text[match.end() :]
    return None


@cache
def variants() -> re.Pattern[str]:
    """Return the suffixes that routers add to a model's name: `:free`, `:nitro`."""
    words_ = [word for clue in clues().values() for word in clue.variants]
    return re.compile(rf":(?:{'|'.join(map(re.escape, words_))})$")


def may_serve(host: str, maker: str) -> bool:
    """Return True if a host serves the closed models of a maker under the maker's names, on days of its own."""
    return host != maker and bool(clues()[host].hosts & {maker, "*"})


@lru_cache(maxsize=4096)
def told_by(text: str) -> frozenset[str]:
    """Return the providers that a text names, in words, identifiers or addresses. Model names in it do not count."""
    parted = _HUMP.sub(" ", _spoken().sub(" ", _RUN.sub(_masked, text))).lower()
    named = {name for name, clue in clues().items() if clue.pattern.search(parted)}
    return frozenset(named - {other for name in named for other in clues()[name].over})


def nearest(levels: Iterable[str]) -> frozenset[str]:
    """Return the providers named by the nearest text that names any; none where nothing does.

    A weak one counts only where its own text does not send it to another address.
    """
    for text in levels:
        named = told_by(text)
        strong = frozenset(name for name in named if not clues()[name].weak)
        if strong:
            return strong
        if named and not _ELSEWHERE.search(text):
            return named
    return frozenset()


@cache
def _spoken() -> re.Pattern[str]:
    """Return the pattern of a model's spoken name: `DeepSeek R1`, `Gemini 2.5 Flash`, `Mistral Large 2`."""
    alternatives = "|".join(sorted(head for head in heads() if len(head) > _SHORT))
    return re.compile(rf"(?<![\w.])(?:{alternatives}) (?:[A-Za-z]+ )?[A-Za-z]{{0,2}}\d[\w.]*", re.IGNORECASE)


@cache
def _own_servers() -> re.Pattern[str]:
    return re.compile("|".join(clue.pattern.pattern for clue in clues().values() if clue.own_machine))


def _masked(run: re.Match[str]) -> str:
    text = run[0]
    if "://" in text:
        return text
    own = words(text)
    if not any(map(str.isdigit, text)) and _own_servers().fullmatch(" ".join(own)):
        return text  # `llama-server` begins as a model does
    if text.isupper() and "_" in text:
        return text  # MOONSHOT_API_KEY
    return " " if len(own) > 1 and own[0] in heads() else text


def _pattern(spoken: Iterable[str]) -> re.Pattern[str]:
    patterns = (re.escape(word).replace(r"\ ", r"[ ._/-]?") for word in spoken)
    return re.compile(rf"(?<![a-z])(?:{'|'.join(patterns)})(?![a-z])")
