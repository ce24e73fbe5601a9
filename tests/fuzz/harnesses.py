"""Harnesses: each takes bytes, and returns what it made of them, to compare. None may raise, hang, or answer differently the second time.

The seeds are our own material: cassettes, and the samples of the tests. The first byte of an input chooses among them, so that a case
file needs nothing but its bytes.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from conformance.knowledge.lifecycle.scan.files import read
from conformance.knowledge.taxonomy.classifying import classify
from conformance.knowledge.taxonomy.hints import hints_of
from conformance.recording.cassette import load
from conformance.recording.importers import Unreadable, read_exchanges
from conformance.recording.redaction import redact
from conformance.rules.judging import judge
from conformance.wire.case import Case
from conformance.wire.exchange import Exchange, Request, Response, Timing
from conformance.wire.sse import EventStreamParser, parse_event_stream

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).parents[2]
KEY: Final = "acme-7Hq2Zk9Lw4Tn8Vb3Xc6M"
_LARGEST_SEED: Final = 12_000
#: An importer takes whatever a file does to it: an exception that nobody foresaw has its type's name in the line.
_FORESEEN_BY_NOBODY: Final = re.compile(r"cannot be read: \w*(?:Error|Exception|Exit|Overflow): ")
_KINDS: Final = (
    ".py",
    ".js",
    ".ts",
    ".toml",
    ".yaml",
    ".json",
    ".md",
    ".env",
    ".ipynb",
    ".ini",
    ".rb",
    ".go",
    ".java",
    ".sh",
    ".tf",
)
_FILES: Final = (".jsonl", ".json", ".har", ".yaml", ".yml", ".txt", ".httprr", ".log", ".flow", ".md")


class UnforeseenError(Exception):
    """An importer met an exception that it does not know."""


class DifferentError(Exception):
    """The same bytes were read in two ways, and differ."""


@cache
def exchanges() -> tuple[Exchange, ...]:
    """Return exchanges of our cassettes: every dialect, the smaller ones, a hundred and some."""
    paths = sorted((ROOT / "cassettes").rglob("*.yaml"))
    chosen: dict[tuple[str, str], list[Path]] = {}
    for path in paths:
        chosen.setdefault((path.parts[-4], path.parts[-2]), []).append(path)
    every = [
        entry
        for group in chosen.values()
        for path in group[:: max(len(group) // 6, 1)]
        for entry in load(path).exchanges
    ]
    return tuple(entry for entry in every if entry.response is not None and len(entry.response.body) < _LARGEST_SEED)


@cache
def bodies() -> tuple[bytes, ...]:
    """Return the answers' bodies of those."""
    return tuple(entry.response.body for entry in exchanges() if entry.response is not None)


@cache
def files() -> tuple[bytes, ...]:
    """Return recordings in the forms of other tools, and some cassettes; the first of large ones only."""
    paths = [path for path in sorted((ROOT / "tests" / "samples").rglob("*")) if path.is_file()]
    paths += sorted((ROOT / "cassettes").rglob("*.yaml"))[::150]
    return tuple(path.read_bytes()[:_LARGEST_SEED] for path in paths)


@cache
def sources() -> tuple[bytes, ...]:
    """Return files that a scan reads: examples, and our own."""
    paths = [path for path in sorted((ROOT / "examples").rglob("*")) if path.is_file()]
    paths += [ROOT / name for name in ("pyproject.toml", "README.md", "action.yml")] + sorted(
        (ROOT / "conformance" / "probes").glob("*.yaml")
    )
    return tuple(path.read_bytes()[:_LARGEST_SEED] for path in paths)


def _exchange(data: bytes) -> Exchange:
    """Return one of our exchanges with this answer; one in four asks with these bytes, too."""
    which = data[0] if data else 0
    seed = exchanges()[(which * 7) % len(exchanges())]
    assert seed.response is not None
    reads = tuple((number / 100, size) for number, size in enumerate((3, max(len(data) - 3, 0))))
    answer = Response(seed.response.status, dict(seed.response.headers), data[1:], seed.response.eof)
    request = replace(seed.request, body=data[1:]) if which % 4 == 0 else seed.request
    return Exchange("x", request, answer, Timing(chunks=reads), dialect=seed.dialect)


def sse(data: bytes) -> Any:
    """An event stream, whole and in pieces: the same events."""
    whole, parser = parse_event_stream(data), EventStreamParser()
    for at in range(0, len(data), 7):
        parser.feed(data[at : at + 7])
    pieces = parser.close()
    if whole != pieces:
        raise DifferentError("a stream in pieces is another stream")
    return repr(whole)


def dialects(data: bytes) -> Any:
    """An answer and a question, as their dialect reads them."""
    case = Case(_exchange(data))
    return repr((case.reply, case.asked))


def judged(data: bytes) -> Any:
    """An exchange, held against every rule."""
    return repr(judge(Case(_exchange(data))))


def redaction(data: bytes) -> Any:
    """An exchange without its secrets."""
    clean = redact(_exchange(data), [KEY])
    assert clean.response is not None
    return clean.response.body


def hints(data: bytes) -> Any:
    """Limits and classes of an error: half of the bytes are headers."""
    head, _, body = data.partition(b"\n\n")
    lines = [line.decode("latin-1").partition(":") for line in head.split(b"\n")]
    headers = {name.strip().lower(): value.strip() for name, _, value in lines}
    statuses = (200, 400, 401, 404, 429, 500, 503, 529)
    answer = Response(statuses[len(data) % len(statuses)], headers, body, "clean")
    exchange = Exchange("x", Request("POST", "https://api.example.com/v1/chat/completions"), answer)
    return repr((hints_of(answer), classify(exchange)))


def importers(data: bytes) -> Any:
    """A file of a recording, under a name that its first byte chooses."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:  # noqa: S108 - where it is fast
        path = Path(folder, f"a{_FILES[(data[0] if data else 0) % len(_FILES)]}")
        path.write_bytes(data[1:])
        items = list(read_exchanges(path, source="a"))
    for item in items:
        if isinstance(item, Unreadable) and _FORESEEN_BY_NOBODY.search(item.error):
            raise UnforeseenError(item.error)
    return repr(items)


def scan(data: bytes) -> Any:
    """A file that may name a model."""
    literals = read(_KINDS[(data[0] if data else 0) % len(_KINDS)], data[1:].decode("utf-8", "replace"))
    return re.sub(r" at 0x[0-9a-f]+", "", repr(literals))  # a literal holds a function


@cache
def _hint_seeds() -> tuple[bytes, ...]:
    made = []
    for entry in exchanges():
        assert entry.response is not None
        head = "\n".join(f"{name}: {value}" for name, value in entry.response.headers.items())
        made.append(head.encode() + b"\n\n" + entry.response.body[:2000])
    lines = (ROOT / "tests" / "samples" / "headers.txt").read_text("utf-8").splitlines()
    names = [line.split() for line in lines if line.startswith("    ")]
    made += [
        f"{words[0]}: {value.strip(chr(39) + ',[]')}\nretry-after: {value}".encode()
        for words in names
        for value in words[2:]
    ]
    return tuple(made)


def _chosen(seeds: Callable[[], tuple[bytes, ...]]) -> Callable[[], tuple[bytes, ...]]:
    """Put the byte before each seed that chooses what it was taken from."""
    return lambda: tuple(bytes([number % 256]) + seed for number, seed in enumerate(seeds()))


#: By name: the harness, its seeds, and how many of a hundred executions are its own.
HARNESSES: Final[dict[str, tuple[Callable[[bytes], Any], Callable[[], tuple[bytes, ...]], int]]] = {
    "sse": (sse, bodies, 25),
    "dialects": (dialects, _chosen(bodies), 15),
    "judge": (judged, _chosen(bodies), 15),
    "redaction": (redaction, _chosen(bodies), 8),
    "hints": (hints, _hint_seeds, 20),
    "importers": (importers, _chosen(files), 7),
    "scan": (scan, _chosen(sources), 10),
}
