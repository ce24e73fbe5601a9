"""`conformance convert`: recorded traffic of any tool in one documented form, redacted as a recording is."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from conformance.errors import CONFORMS, UNUSABLE, UnusableInputError
from conformance.recording.exporters import EXPORTS
from conformance.recording.files import written_whole
from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.recording.malformed import Malformed
from conformance.recording.redaction import redact
from conformance.runs.remote import is_address
from conformance.runs.whose import host_of, provider_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.providers import Provider
    from conformance.recording.exporters import Export
    from conformance.recording.importers.tables import Columns
    from conformance.wire.exchange import Exchange


@dataclass
class _Count:
    """What became of the input."""

    exchanges: int = 0
    unreadable: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    sources: set[str] = field(default_factory=set)


def convert(
    paths: Sequence[str],
    *,
    to: str,
    output: str | None,
    providers: Mapping[str, Provider],
    columns: Columns | None = None,
) -> int:
    """Write what stands in files and folders in another form, and say on standard error how much that was.

    Args:
        paths: recordings and logs: files, or folders that are walked.
        to: a name of `EXPORTS`.
        output: a file for all, or a folder for a file of each source; standard output where it is None.
        providers: all that are known, by name: a source's folder may name the provider of traffic whose address was withheld.
        columns: which columns of tables, CSV or Parquet, hold what.

    Returns:
        3 where something could not be read or nothing was there, else 0.

    Raises:
        UnusableInputError: a path is an address, or the output cannot be written.
    """
    for path in filter(is_address, paths):
        raise UnusableInputError(f"{path} is an address", remedy="convert a copy of it on this machine")
    form, count = EXPORTS[to], _Count()
    exchanges = _read(paths, providers, count, columns)
    if output is not None and _is_folder(output):
        _write_folder(exchanges, form, Path(output), [Path(path) for path in paths], count)
    else:
        _write_one(exchanges, form, Path(output) if output is not None else None, count)
    _say(count, output)
    return UNUSABLE if count.unreadable or not count.exchanges else CONFORMS


def _read(
    paths: Sequence[str], providers: Mapping[str, Provider], count: _Count, columns: Columns | None
) -> Iterator[Exchange]:
    """Yield the exchanges, redacted, under names of sessions that no two sources share."""
    sessions: dict[str, str] = {}
    named = {str(Path(path)) for path in paths}
    for path in find_files(paths, with_tables=columns is not None):
        for item in read_exchanges(path, named=str(path) in named, columns=columns):
            if isinstance(item, Unreadable):
                if item.passed_over:
                    count.passed_over[item.passed_over] += 1
                else:
                    _refuse(item.error, count)
                continue
            exchange = item
            if exchange.session is not None and sessions.setdefault(exchange.session, item.source) != item.source:
                exchange = replace(exchange, session=f"{item.source}:{exchange.session}")
            if exchange.provider is None and not host_of(exchange.request.url):
                exchange = replace(exchange, provider=provider_in(item.source, providers))
            yield redact(exchange)


def _write_one(exchanges: Iterator[Exchange], form: Export, path: Path | None, count: _Count) -> None:
    """Write all exchanges to one file, which is made with the first of them."""
    with ExitStack() as stack:
        file: IO[str] | None = None
        for exchange in exchanges:
            entry = _entry(exchange, form, count)
            if entry is None:
                continue
            if file is None:
                file = stack.enter_context(written_whole(path) if path is not None else nullcontext(sys.stdout))
                file.write(form.head + entry)
            else:
                file.write(form.between + entry)
        if file is not None:
            file.write(form.tail)


def _write_folder(
    exchanges: Iterator[Exchange], form: Export, folder: Path, given: Sequence[Path], count: _Count
) -> None:
    """Write a file for each source, at its place below the folder."""
    taken: set[Path] = set()
    ahead = next(exchanges, None)
    while ahead is not None:
        source = ahead.source
        target = _target(folder, Path(source), form.suffix, given, taken)
        taken.add(target)
        rest: list[Exchange] = []

        def of_source(first: Exchange = ahead, source: str = source, rest: list[Exchange] = rest) -> Iterator[Exchange]:
            yield first
            for exchange in exchanges:
                if exchange.source != source:
                    rest.append(exchange)
                    return
                yield exchange

        _write_one(of_source(), form, target, count)
        ahead = rest[0] if rest else None


def _target(folder: Path, source: Path, suffix: str, given: Sequence[Path], taken: set[Path]) -> Path:
    """Return a source's place in the folder: below the folder that was named, with another ending; nobody else's."""
    below = next((source.relative_to(root) for root in given if root in source.parents), Path(source.name))
    bare = below.name.removesuffix(".gz").removesuffix(".zst")
    names = (
        Path(bare).stem + suffix,
        below.name + suffix,
        *(f"{below.name}.{number}{suffix}" for number in range(2, 999)),
    )
    return next(place for name in names if (place := folder / below.with_name(name)) not in taken)


def _entry(exchange: Exchange, form: Export, count: _Count) -> str | None:
    try:
        entry = form.entry(exchange)
    except Malformed as problem:
        _refuse(f"{exchange.source} #{exchange.interaction}: cannot be written: {problem.what}", count)
        return None
    count.exchanges += 1
    count.sources.add(exchange.source)
    return entry


def _refuse(line: str, count: _Count) -> None:
    count.unreadable += 1
    print(f"conformance convert: {' '.join(line.split())}", file=sys.stderr)


def _is_folder(output: str) -> bool:
    return output.endswith(("/", "\\")) or Path(output).is_dir()


def _say(count: _Count, output: str | None) -> None:
    place = output if output is not None else "standard output"
    parts = [f"{_number(count.exchanges, 'exchange')} of {_number(len(count.sources), 'file')} written to {place}"]
    if not count.exchanges:
        parts = ["no exchange there, so nothing was written; name recordings that hold one"]
    if count.unreadable:
        parts.append(f"{count.unreadable} could not be read")
    parts += [f"{_number(number, 'file')} passed over: {reason}" for reason, number in count.passed_over.most_common()]
    where = sys.stderr if output is None or not count.exchanges else sys.stdout
    print(f"conformance convert: {'; '.join(parts)}", file=where)


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
