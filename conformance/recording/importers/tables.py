"""Tables of logged calls, CSV and Parquet: a mapping says which column holds what. Rows are read as they come.

A request is a body or its messages, an answer a body, an event stream, a message or a text, each as JSON text or nested values.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from conformance.errors import UnusableInputError, suggest
from conformance.recording.compressed import opened
from conformance.recording.importers.logs import log_exchange
from conformance.recording.importers.long_lines import LARGEST
from conformance.recording.importers.spans.spellings import parsed
from conformance.recording.malformed import Malformed
from conformance.wire.dialects import DEFAULT_DIALECT
from conformance.wire.exchange import UNRECORDED, Exchange, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_TEXTS: Final = {".csv": ",", ".tsv": "\t"}
_PARQUET: Final = ".parquet"
_FAILS: Final = 400
_AT_ONCE: Final = 64  # rows of a Parquet file in memory
_EXTRA: Final = 'install the extra: pip install "llm-provider-conformance[cluster]"'
_REMEDY: Final = "say which column holds what: --columns request=NAME,response=NAME"


class Columns(NamedTuple):
    """Which column holds what; None where there is none."""

    request: str
    response: str
    status: str | None = None
    provider: str | None = None
    model: str | None = None
    started: str | None = None
    url: str | None = None
    session: str | None = None


def columns_of(text: str) -> Columns:
    """Read `request=prompt,response=completion,status=code`.

    Raises:
        UnusableInputError: a part names no column, or one of the two that a table must have is missing.
    """
    named: dict[str, str] = {}
    for part in text.split(","):
        what, equals, name = (piece.strip() for piece in part.partition("="))
        if not equals or not name or what not in Columns._fields:
            remedy = suggest(what, Columns._fields)
            raise UnusableInputError(f"--columns: {part.strip()!r} names no column of a call", remedy=remedy)
        named[what] = name
    missing = [what for what in ("request", "response") if what not in named]
    if missing:
        raise UnusableInputError(f"--columns names no {' and no '.join(missing)}", remedy=_REMEDY)
    return Columns(**named)


def is_table(path: Path) -> bool:
    """Whether a file is a table by its name."""
    name = path.name.lower()
    return name.endswith(_PARQUET) or name.removesuffix(".gz").removesuffix(".zst").endswith(tuple(_TEXTS))


def read(path: Path, source: str, columns: Columns | None) -> Iterator[Exchange | Malformed]:
    """Yield the exchange of each row.

    Raises:
        UnusableInputError: no mapping was given, or it names a column that is not there; or the file is no table.
    """
    rows_of = _parquet_rows if path.name.lower().endswith(_PARQUET) else _csv_rows
    rows = rows_of(path, source, columns)
    if columns is None:
        next(iter(rows), None)  # it says which columns are there
        return
    for number, (line, row) in enumerate(rows):
        try:
            exchange = _exchange(row, columns, source, number)
            what = f"{columns.request!r} and {columns.response!r} hold no call of a known form"
        except Exception as problem:  # noqa: BLE001 - whatever stands in a row, the other rows are read
            exchange, what = None, f"cannot be read: {type(problem).__name__}: {str(problem)[:120]}"
        yield exchange or Malformed(what, line=line)


def _exchange(row: Mapping[str, Any], columns: Columns, source: str, number: int) -> Exchange | None:
    told = {what: row.get(name) for what, name in columns._asdict().items() if name is not None}
    name = f"{source}#{number}"
    exchange: Exchange | None = Exchange(name, Request("POST", ""), meta={UNRECORDED: "the row holds no answer"})
    if told["response"] is not None and told["response"] != "":
        exchange = _logged(told, source, number)
    if exchange is None:
        return None
    url, session, provider = (str(told.get(what) or "") for what in ("url", "session", "provider"))
    return replace(
        exchange,
        id=name,
        source=source,
        interaction=number,
        provider=provider or exchange.provider,
        session=session or exchange.session,
        request=replace(exchange.request, url=url) if url else exchange.request,
        dialect=exchange.dialect or DEFAULT_DIALECT,
    )


def _logged(told: Mapping[str, Any], source: str, number: int) -> Exchange | None:
    """Return the exchange of a row's values: of bodies, else of messages and texts."""
    asked, answered = parsed(told["request"]) or told["request"], told["response"]
    model, started, status = told.get("model"), told.get("started"), told.get("status")
    body = {"messages": asked} if isinstance(asked, list) else asked
    if isinstance(body, dict) and model and "model" not in body:
        body = {"model": model, **body}
    code = int(str(status)) if str(status).isdecimal() else None
    began = started.isoformat() if isinstance(started, datetime) else started
    row = {"request": body, "response": answered, "status": code, "timestamp": began}
    call = {"type": "GENERATION", "input": asked, "output": answered, "model": model, "startTime": began}
    if code is not None and code >= _FAILS:
        call |= {"level": "ERROR", "statusMessage": f"status {code}"}
    return log_exchange(row, source, number) or log_exchange(call, source, number)


def _csv_rows(path: Path, source: str, columns: Columns | None) -> Iterator[tuple[int, Mapping[str, Any]]]:
    name = path.name.lower().removesuffix(".gz").removesuffix(".zst")
    csv.field_size_limit(LARGEST)
    with opened(path) as file, io.TextIOWrapper(file, "utf-8-sig", "surrogateescape", newline="") as text:
        reader = csv.DictReader(text, delimiter=_TEXTS[name[name.rfind(".") :]], restkey=None)
        _check(reader.fieldnames or [], source, columns)
        try:
            for row in reader:
                yield reader.line_num, row
        except csv.Error as error:
            raise UnusableInputError(f"no CSV: {error}", where=f"{source}:{reader.line_num}") from error


def _parquet_rows(path: Path, source: str, columns: Columns | None) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UnusableInputError("is Parquet, which needs pyarrow", where=source, remedy=_EXTRA) from error
    try:
        with parquet.ParquetFile(str(path), pre_buffer=False) as file:
            _check(file.schema_arrow.names, source, columns)
            wanted = [name for name in columns or () if name is not None]
            batches = file.iter_batches(batch_size=_AT_ONCE, columns=wanted)
            yield from enumerate(chain.from_iterable(batch.to_pylist() for batch in batches), 1)
    except (ArrowException, OSError) as error:
        raise UnusableInputError(f"no Parquet: {error}", where=source) from error


def _check(there: Iterable[str], source: str, columns: Columns | None) -> None:
    listed = ", ".join(there)
    if columns is None:
        raise UnusableInputError(f"is a table with the columns {listed}", where=source, remedy=_REMEDY)
    missing = [name for name in columns if name is not None and name not in there]
    if missing:
        raise UnusableInputError(
            f"has no column {', '.join(map(repr, missing))}; it has {listed}", where=source, remedy=_REMEDY
        )
