"""What a provider's TOML states and what it leaves open: every fact with how, where and when it was read.

A key that only an abstract parent gives is no fact about the provider: there the emulator answers the OpenAI way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from conformance.providers.toml_lines import parse_toml, read_text
from conformance.wire.dialects import DEFAULT_DIALECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.providers.provider import Provider
    from conformance.providers.tables import How

#: From the strongest to the weakest, with what each means.
HOWS: Final[Mapping[How, str]] = {
    "recorded": "seen on the wire: a recording, a measurement or a capture",
    "code": "read from a published package or the server's own source",
    "report": "stated in an issue or pull request",
    "docs": "written on a page, the vendor's or another's",
    "unverified": "general knowledge",
}
_UNSTATED: Final[How] = "unverified"
UNKNOWN: Final = "unknown: emulated the OpenAI way"
PRICE_UNKNOWN: Final = "price unknown"

_TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "stream": {
        "terminator": "ends with",
        "usage": "usage where asked for",
        "usage_unasked": "usage unasked",
        "role": "role",
        "finish_reason": "finish_reason before the end",
        "tool_calls": "tool calls",
        "error": "error after the first chunk",
    },
    "errors": {"envelope": "envelope", "fields": "members", "code_type": "type of code"},
    "rate_limit": {"headers": "headers"},
    "params": {"unsupported": "unsupported"},
    "wire": {
        "id": "id",
        "tool_call_id": "tool call id",
        "reasoning": "member that carries reasoning",
        "headers": "response headers",
        "add": "members added",
    },
    "timing": {"ttft": "seconds to the first output", "tps": "output tokens per second"},
}
#: Facts of a table that are worth a line only where they are stated: the OpenAI way is the common one.
_RARE: Final[Mapping[str, Mapping[str, str]]] = {
    "stream": {
        "line_end": "line end",
        "comment": "comment",
        "object_last": "object of the last chunk",
        "content_type": "content type",
        "created": "created",
        "id": "id",
        "finish_repeats": "finish_reason repeats",
        "done_after_error": "[DONE] after an error",
    },
    "errors": {"content_type": "content type"},
    "params": {"handling": "what becomes of a request with one"},
    "wire": {
        "chunk": "chunks added",
        "finish_reasons": "words for finish_reason",
        "created": "created",
        "json": "JSON",
    },
    "timing": {"queue": "seconds in the queue", "jitter": "jitter"},
}
#: The refusals that every client meets.
_CASES: Final = ("bad_key", "unknown_model", "context_too_long", "invalid_request", "rate_limited")


@dataclass(frozen=True)
class Fact:
    """One fact of one provider; without a value it is unknown. `group` is a table of the TOML, or `provider`.

    Under `models`, a model's own name stands for its price.
    """

    group: str
    name: str
    value: str | None = None
    how: How | None = None
    source: str = ""
    confidence: str = ""
    read: date | None = None


class _Stated(NamedTuple):
    table: Mapping[str, Any]
    value: Any


def facts_of(provider: Provider, providers: Mapping[str, Provider]) -> tuple[Fact, ...]:
    """Return the facts of a provider, known and unknown, in the order of its TOML's tables."""
    chain = tuple(_chain(provider, providers))
    result = (*_top(chain), *_tabled(chain), *_cases(chain), *_models(chain))
    order = ("provider", *_TABLES, "models")
    return tuple(sorted(result, key=lambda fact: order.index(fact.group)))


def _chain(provider: Provider, providers: Mapping[str, Provider]) -> Iterator[Mapping[str, Any]]:
    """Yield the documents that speak of the provider: its own, and those of parents that are providers themselves."""
    result: Provider | None = provider
    while result is not None and not result.abstract:
        document = parse_toml(read_text(result.file), result.file)
        yield document
        result = providers.get(document.get("extends", ""))


def _stated(chain: tuple[Mapping[str, Any], ...], *path: str) -> _Stated | None:
    """Return the nearest table that has the key, and its value."""
    *tables, key = path
    for document in chain:
        table: Any = document
        for name in tables:
            table = table.get(name, {})
        if key in table:
            return _Stated(table, table[key])
    return None


def _fact(group: str, name: str, table: Mapping[str, Any], value: str) -> Fact:
    source = str(table.get("source", ""))
    read = table.get("read")
    confidence = str(table.get("confidence", ""))
    return Fact(
        group, name, value, table.get("how", _UNSTATED), source, confidence, read if isinstance(read, date) else None
    )


def _top(chain: tuple[Mapping[str, Any], ...]) -> Iterator[Fact]:
    for key, name in (
        ("base_url", "base URL"),
        ("auth", "key"),
        ("dialects", "dialects"),
        ("capabilities", "capabilities"),
    ):
        result = _stated(chain, key)
        if result is not None:
            yield _fact("provider", name, result.table, _said(result.value))
        elif key == "dialects":
            yield _fact("provider", name, chain[-1], DEFAULT_DIALECT)
        else:
            yield Fact("provider", name)
    for dialect, url in chain[0].get("base_urls", {}).items():
        yield _fact("provider", f"base URL in {dialect}", chain[0], url)
    for dialect, table in chain[0].get("differs", {}).items():
        for key, name in (("auth", "key"), ("capabilities", "capabilities"), ("envelope", "error envelope")):
            if key in table:
                yield _fact("provider", f"{name} in {dialect}", table, _said(table[key]))


def _tabled(chain: tuple[Mapping[str, Any], ...]) -> Iterator[Fact]:
    for group, keys in _TABLES.items():
        for key, name in keys.items():
            result = _stated(chain, group, key)
            yield Fact(group, name) if result is None else _fact(group, name, result.table, _said(result.value))
        for key, name in _RARE.get(group, {}).items():
            result = _stated(chain, group, key)
            if result is not None:
                yield _fact(group, name, result.table, _said(result.value))


def _cases(chain: tuple[Mapping[str, Any], ...]) -> Iterator[Fact]:
    result = _stated(chain, "errors", "case")
    cases = result.value if result is not None else []
    words = [case["when"] for case in cases]
    for case in cases:
        table = {**case, "read": result.table.get("read")} if result is not None else case
        yield _fact("errors", case["when"], table, " ".join(map(str, filter(None, (case["status"], case.get("code"))))))
    yield from (Fact("errors", word) for word in _CASES if word not in words)


def _models(chain: tuple[Mapping[str, Any], ...]) -> Iterator[Fact]:
    models = {name: table for document in reversed(chain) for name, table in document.get("models", {}).items()}
    for name, table in models.items():
        price, speed = table.get("price"), table.get("speed")
        if price is None:
            yield Fact("models", name)
        else:
            yield _fact("models", name, price, f"${price['input']} in, ${price['output']} out per million tokens")
        if "context" in table:
            yield _fact("models", f"{name}: context", table, f"{table['context']} tokens")
        if speed is not None:
            yield _fact(
                "models", f"{name}: speed", speed, f"{speed['advertised_tps']} tokens per second, as advertised"
            )


def _said(value: Any) -> str:  # noqa: ANN401 - what TOML holds
    """Return a value as a reader wants it: a key by its variable, headers by name, additions counted."""
    if isinstance(value, dict):
        return f"{value['env']} in {value['header']}" if "env" in value else ", ".join(value)
    if isinstance(value, list):
        return str(len(value)) if value and isinstance(value[0], dict) else ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else repr(value) if value in {"", " "} else str(value)
