"""What was recorded, and which of it answers a request: as VCR matches, and by the body, since a folder holds many conversations."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias
from urllib.parse import unquote

from conformance.errors import UnusableInputError
from conformance.recording.cassette import EMULATED_SUFFIX, REFUSED_SUFFIX, SUFFIX
from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.recording.redaction import is_secret_header
from conformance.wire.json_text import MISSING, read_json
from conformance.wire.sentinels import INVALID_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from conformance.wire.exchange import Exchange, Request

#: By the whole body, by what was said in it, or by its place in the one conversation there is.
How: TypeAlias = Literal["body", "conversation", "position"]

#: Bodies of these are no bytes of a wire: to serve them would be to invent how they stood there.
_NOT_BYTES: Final = frozenset({"chunks-only", "sdk-level"})
#: The members that say what was asked, in all dialects. An SDK may add or leave out the others.
_SAID: Final = ("model", "messages", "input", "contents", "prompt", "system", "stream")


@dataclass(frozen=True)
class Match:
    """A recorded exchange, and how it was found."""

    exchange: Exchange
    how: How


class Tape:
    """Recorded exchanges in their order. Equal ones are played one after another, and then anew."""

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self.exchanges = tuple(exchanges)
        self._there: dict[tuple[object, ...], list[Exchange]] = {}
        for exchange in self.exchanges:
            for key in _keys(exchange.request).values():
                self._there.setdefault(key, []).append(exchange)
        self._played: Counter[tuple[object, ...]] = Counter()

    def find(self, request: Request) -> Match | None:
        """Return the exchange that answers a request, and move on; None where none does.

        By position only where one conversation asked that path: which of several a request belongs to, its place does not tell.
        """
        for how, key in _keys(request).items():
            there = self._there.get(key, [])
            if not there or (how == "position" and len({item.session or item.id for item in there}) > 1):
                continue
            fits = there if how == "position" else _closest(request, there)
            number = self._played[(*key, fits[0].id)]
            self._played[(*key, fits[0].id)] += 1
            return Match(fits[number % len(fits)], how)
        return None

    def asked_at(self, request: Request) -> tuple[Exchange, ...]:
        """Return what was recorded for a request's method and path."""
        return tuple(self._there.get(_keys(request)["position"], ()))


def load_tape(paths: Iterable[str | Path]) -> tuple[Tape, tuple[str, ...]]:
    """Read recordings, files or folders, of any format that `conformance audit` reads.

    An emulated cassette beside a recorded one of the same probe is left out, as in a run.

    Returns:
        The tape, and a line for each file or entry that could not be read or cannot be served.

    Raises:
        UnusableInputError: nothing there can be served.
    """
    left_out: list[str] = []
    exchanges = list(_read(paths, left_out))
    if not exchanges:
        what = left_out[0] if left_out else "no recorded exchange there"
        raise UnusableInputError(what, where="--replay", remedy="name a recording, or a folder that holds one")
    return Tape(exchanges), tuple(left_out)


def _read(paths: Iterable[str | Path], left_out: list[str]) -> Iterator[Exchange]:
    for path in find_files(paths):
        name = path.name
        if name.endswith(REFUSED_SUFFIX):
            continue
        if name.endswith(EMULATED_SUFFIX) and path.with_name(name.removesuffix(EMULATED_SUFFIX) + SUFFIX).exists():
            continue
        for item in read_exchanges(path):
            if isinstance(item, Unreadable):
                left_out.append(item.error)
            elif item.fidelity in _NOT_BYTES:
                what = f"its body ({item.fidelity}) is not the wire's bytes"
                left_out.append(f"{item.source} #{item.interaction}: {what}")
            else:
                yield item


def _keys(request: Request) -> dict[How, tuple[object, ...]]:
    """Return what a request is found by, the most telling first."""
    place = (request.method, unquote(request.path))
    value = read_json(request.body).value
    if value is MISSING:
        return {"body": ("body", *place, request.body), "position": place}
    keys: dict[How, tuple[object, ...]] = {"body": ("body", *place, _text(value))}
    if isinstance(value, dict):
        # A stream is no answer to who asked for none, so that counts as said; `false` is the same as nothing.
        text = {name: value[name] for name in _SAID if value.get(name)}
        keys["conversation"] = ("conversation", *place, _text(text))
    return {**keys, "position": place}


def _closest(request: Request, there: list[Exchange]) -> list[Exchange]:
    """Return those that are most like a request that each of them could answer.

    One asked with a key is not answered as one was without, where that was recorded too: their bodies may be the same.
    """
    body, key = request.json, _key(request)
    likeness = [(_key(item.request) == key, _shared(body, item.request.json)) for item in there]
    best = max(likeness)
    return [item for item, likely in zip(there, likeness, strict=True) if likely == best]


def _shared(one: dict[str, Any], other: dict[str, Any]) -> int:
    """Return how many members two bodies have in common, less those that only one has."""
    return sum(1 if name in one and name in other and one[name] == other[name] else -1 for name in {*one, *other})


def _key(request: Request) -> Literal["none", "bad", "some"]:
    """Say what key a request came with; recorded ones are redacted, all but the one that is meant to be refused."""
    values = [value for name, value in request.headers.items() if is_secret_header(name)]
    if not values:
        return "none"
    return "bad" if any(INVALID_KEY in value for value in values) else "some"


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON
    return json.dumps(value, sort_keys=True)
