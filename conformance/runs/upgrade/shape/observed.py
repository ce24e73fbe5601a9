"""The shape of a side's answers: for each place of each kind of document how many answers have it, its types, values and position."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from conformance.runs.upgrade.shape.documents import documents, opaque, spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.runs.upgrade.shape.documents import Document
    from conformance.wire.case import Case

#: Kind of document and path: ("answer", "/choices/[]/message"). A list's items are `[]`.
Place: TypeAlias = tuple[str, str]

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z_.:/-]{0,39}(?:[0-9]{1,3})?")
_MOST_VALUES: Final = 12
#: The items of a longer list repeat its shape.
_ITEMS: Final = 40
_DEEP: Final = 24
_TYPES: Final[Mapping[type, str]] = {
    bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object", type(None): "null",
}  # fmt: skip
#: Headers of the connection, of caches and of networks: they say nothing of the API.
_FOREIGN: Final = re.compile(
    r"(date|server|via|connection|keep-alive|transfer-encoding|content-length|content-encoding|vary|age|alt-svc|etag|nel|report-to|"
    r"set-cookie|strict-transport-security|x-content-type-options|cache-control|pragma|expires|access-control-.*|cf-.*|"
    r"x-envoy-.*|x-amz-cf-.*|x-cache.*|x-robots-tag|cross-origin-.*|referrer-policy|x-frame-options|x-conformance-.*|priority|"
    r"server-timing|content-security-policy|x-xss-protection|last-modified|traceparent|x-cloud-trace-context|x-openai-proxy-wasm|x-served-by|x-timer|accept-ranges)"
)


@dataclass
class Seen:
    """One place: the answers whose parent is there, those that have it, and what they have."""

    present: int = 0
    types: Counter[str] = field(default_factory=Counter)  # answers by type
    values: Counter[str] = field(default_factory=Counter)  # answers by value, of strings
    spoken: bool = False  # a value of it is the model's, or the request's
    positions: Counter[str] = field(default_factory=Counter)  # answers by position in the stream
    example: str = ""  # the name of an answer that has it

    @property
    def enumerated(self) -> bool:
        """Whether its values are words out of a small set, none of them the model's."""
        few = len(self.values) <= _MOST_VALUES
        return bool(self.values) and few and not self.spoken and all(map(_WORD.fullmatch, self.values))


@dataclass
class Shape:
    """The shape of a side's answers. `answers` counts the exchanges by kind of document, `containers` by place of an object or list."""

    places: dict[Place, Seen] = field(default_factory=lambda: defaultdict(Seen))
    answers: Counter[str] = field(default_factory=Counter)
    containers: Counter[Place] = field(default_factory=Counter)
    headers: Counter[str] = field(default_factory=Counter)
    with_headers: int = 0

    def of(self, place: Place) -> int:
        """Return how many answers have the parent of a place."""
        kind, path = place
        return self.containers[kind, path.rpartition("/")[0]]


def shape_of(cases: Iterable[tuple[str, Case]]) -> Shape:
    """Return the shape of answers.

    Args:
        cases: the exchanges, each with the name of its question.
    """
    shape = Shape()
    for name, case in cases:
        _take(shape, name, case)
    return shape


@dataclass
class _Walk:
    """What the documents of one kind of one exchange hold."""

    written: list[Any]
    sent: Mapping[str, Any]
    types: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    values: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    where: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    containers: set[str] = field(default_factory=set)

    def take(self, value: Any, path: str, number: int) -> None:  # noqa: ANN401 - any JSON
        """Note a value and what is in it."""
        name = _TYPES.get(type(value), "string")
        if path:
            self.types[path].add(name)
        if value is not None:
            self.where[path].add(number)
        if isinstance(value, str):
            self.values[path].add(value)
        if not isinstance(value, dict | list) or self._is_opaque(value, path):
            return
        self.containers.add(path)
        if isinstance(value, list):
            for entry in value[:_ITEMS]:
                self.take(entry, f"{path}/[]", number)
        elif path.count("/") < _DEEP:
            for key, entry in value.items():
                self.take(entry, f"{path}/{key.replace('~', '~0').replace('/', '~1')}", number)

    def _is_opaque(self, value: object, path: str) -> bool:
        echoed = self.sent.get(path.rpartition("/")[2])
        return value in self.written or (echoed is not None and type(echoed) is type(value))


def _take(shape: Shape, name: str, case: Case) -> None:
    written, sent = opaque(case)
    words = spoken(case)
    kinds: dict[str, list[Document]] = defaultdict(list)
    for document in documents(case):
        kinds[document.kind].append(document)
    for kind, group in kinds.items():
        walk = _Walk(written, sent)
        for number, document in enumerate(group):
            walk.take(document.value, "", number)
        shape.answers[kind] += 1
        shape.containers.update((kind, path) for path in walk.containers)
        for path, types in walk.types.items():
            seen = shape.places[kind, path]
            seen.present += 1
            seen.example = seen.example or name
            seen.types.update(types)
            seen.values.update(walk.values.get(path, ()))
            seen.spoken |= not words.isdisjoint(walk.values.get(path, ()))
            if len(group) > 2 and path in walk.where:  # noqa: PLR2004 - a first, a last, and something between
                seen.positions[_position(walk.where[path], len(group))] += 1
    _take_headers(shape, case)


def _position(numbers: set[int], count: int) -> str:
    """Return where in a stream a member that is not null comes."""
    if len(numbers) == count:
        return "in every chunk"
    if len(numbers) > 1:
        return "in some chunks"
    return {0: "in the first chunk", count - 1: "in the last chunk", count - 2: "in the chunk before the last"}.get(
        next(iter(numbers)), "in one chunk"
    )


def _take_headers(shape: Shape, case: Case) -> None:
    exchange, response = case.exchange, case.exchange.response
    if response is None or not exchange.on_wire or not response.headers or not kept_whole(response.headers):
        return
    shape.with_headers += 1
    shape.headers.update(name for name in response.headers if not _FOREIGN.fullmatch(name))


def kept_whole(headers: Mapping[str, str]) -> bool:
    """Whether a recorder kept the headers: one that drops them leaves hardly more than the content type."""
    return len(headers) > 1 or "content-type" not in headers
