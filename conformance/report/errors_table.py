"""The failures of each provider: the cases of its TOML, and those that cassettes show. One row for each case."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from conformance.knowledge.taxonomy import CLASSES, classify, hints_of
from conformance.knowledge.taxonomy.signals import shape_of
from conformance.recording.cassette import decode_model, load
from conformance.wire.case import Case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from conformance.providers import Provider
    from conformance.providers.tables import ErrorCase, Errors
    from conformance.wire.exchange import Exchange, Response

#: documented: stands in the provider's TOML, with its source. recorded: a cassette holds it. emulated: our emulator said so.
Known: TypeAlias = Literal["documented", "recorded", "emulated"]

_WAIT_HEADERS: Final = ("retry-after", "retry-after-ms")


@dataclass(frozen=True)
class ErrorRow:
    """One way in which one provider fails. `body` is the envelope's form, `wait` where a retry hint stands (empty: nowhere known)."""

    provider: str
    error: str
    status: int
    type: str | None
    code: str | int | None
    body: str
    limit: str | None
    retryable: bool | str
    wait: str
    message: str | None
    dialect: str | None
    known: Known
    source: str
    confidence: str


def error_rows(providers: Iterable[Provider], cassettes: Path | None) -> list[ErrorRow]:
    """Return the rows of some providers: by provider, then in the taxonomy's order, documented ones first.

    Raises:
        UnusableInputError: a cassette cannot be read.
    """
    chosen = {provider.name: provider for provider in providers}
    rows = [row for provider in chosen.values() for row in _documented(provider)]
    rows += _recorded(chosen, cassettes) if cassettes is not None and cassettes.is_dir() else []
    order = {name: position for position, name in enumerate(CLASSES)}
    names = {name: position for position, name in enumerate(chosen)}
    return sorted(rows, key=lambda row: (names[row.provider], order.get(row.error, len(order)), row.known, row.status))


def as_json(rows: Iterable[ErrorRow]) -> dict[str, Any]:
    """Return classes and rows as schemas/errors-table.json has them."""
    return {"classes": [asdict(class_) for class_ in CLASSES.values()], "errors": [asdict(row) for row in rows]}


def _documented(provider: Provider) -> Iterator[ErrorRow]:
    stated = [name for name in _WAIT_HEADERS if name in provider.rate_limit]
    for case in provider.errors.cases:
        wait = ", ".join(stated) if CLASSES[case.when].retryable is True else ""
        yield _case(provider.name, case, provider.errors, wait)


def _case(provider: str, case: ErrorCase, errors: Errors, wait: str) -> ErrorRow:
    return ErrorRow(
        provider=provider,
        error=case.when,
        status=case.status,
        type=case.type,
        code=case.code,
        body=case.envelope or errors.envelope,
        limit=case.limit,
        retryable=case.retryable,
        wait=wait,
        message=case.message,
        dialect=case.dialect,
        known="documented",
        source=case.source,
        confidence=case.confidence,
    )


def _recorded(providers: Mapping[str, Provider], folder: Path) -> Iterator[ErrorRow]:
    """Yield each error of the cassettes once, by the parts that a client sees. Its source is the first probe that provoked it."""
    seen: set[tuple[object, ...]] = set()
    for path in sorted(folder.glob("*/*/*/*.yaml")):
        provider = decode_model(path.relative_to(folder).parts[0])
        for exchange in load(path).exchanges if provider in providers else ():
            row = _seen(provider, exchange, path.relative_to(folder).as_posix())
            key = (row.provider, row.error, row.status, row.type, row.code, row.known) if row else ()
            if row is not None and key not in seen:
                seen.add(key)
                yield row


def _seen(provider: str, exchange: Exchange, source: str) -> ErrorRow | None:
    case, response = Case(exchange), exchange.response
    kind = classify(exchange, case.reply)
    if kind is None or response is None or response.status is None:
        return None
    outcome = next(iter(case.reply.errors), None)
    value = outcome.value if outcome is not None else response.document.value
    error = _error_of(value)
    waits = [hint.source_header or "body" for hint in hints_of(response) if hint.kind == "wait"]
    code, message = error.get("code"), error.get("message")
    return ErrorRow(
        provider=provider,
        error=kind.id,
        status=response.status,
        type=_type_of(error, response),
        code=code if isinstance(code, str | int) else None,
        body=shape_of(value, response.body.decode("utf-8", "replace"), response.content_type),
        limit=kind.limit,
        retryable=kind.known.retryable if kind.known else "maybe",
        wait=", ".join(dict.fromkeys(waits)),
        message=message[:160] if isinstance(message, str) else None,
        dialect=exchange.dialect,
        known="emulated" if exchange.evidence == "emulated" else "recorded",
        source=f"cassettes/{source}",
        confidence=kind.confidence,
    )


def _type_of(error: Mapping[str, Any], response: Response) -> str | None:
    """Return the type of an error: its member, or AWS's header, whose name ends before a colon (smithy, restJson1)."""
    stated = error.get("type")
    return stated if isinstance(stated, str) else response.headers.get("x-amzn-errortype", "").partition(":")[0] or None


def _error_of(value: object) -> dict[str, Any]:
    inner = value.get("error") if isinstance(value, dict) else None
    error = inner if isinstance(inner, dict) else value
    return error if isinstance(error, dict) else {}
