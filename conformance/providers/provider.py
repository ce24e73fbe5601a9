"""A provider, its models and its deviations: the values that the rest of the suite reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from conformance.providers.answer_shape import Pace, Wire
from conformance.providers.tables import Errors, Params, Stream
from conformance.providers.toml_lines import locate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from conformance.providers.hosting import Hosting
    from conformance.providers.refused_requests import RefusedRequest
    from conformance.providers.tables import Auth, Differences, Envelope, Gateway, How, Price, Server, Speed, Unit


class Locatable(Protocol):
    """A finding, as far as a deviation is held against it."""

    @property
    def rule(self) -> str:
        """The id of the rule."""

    @property
    def pointer(self) -> str:
        """The JSON pointer."""

    @property
    def message(self) -> str:
        """Position, received, expected, on one line."""

    @property
    def status(self) -> int | None:
        """The status of the answer."""

    @property
    def asks(self) -> frozenset[str]:
        """The features of the request."""

    @property
    def repeats(self) -> Sequence[Locatable]:
        """The findings that are told with this one."""


@dataclass(frozen=True)
class Deviation:
    """Findings of one provider that are known, sourced and dated. `file` and `ordinal` say where it is written."""

    rule: str
    reason: str
    source: str
    expires: date
    read: date | None = None
    how: How = "unverified"
    confidence: Literal["high", "medium", "low"] = "high"
    models: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    dialect: str | None = None
    pointer: str | None = None
    message: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    asks: tuple[str, ...] = ()
    occurs: Literal["always", "sometimes"] = "always"
    file: Path | None = None
    ordinal: int = 0

    @property
    def where(self) -> str:
        """`file:line` of its `[[deviation]]` header, for the message that says what to remove."""
        return locate(self.file, ("deviation", self.ordinal)) if self.file else ""

    def applies_to(self, model: str, dialect: str) -> bool:
        """Whether it is about this model and dialect."""
        return self.dialect in {None, dialect} and _one_matches(self.models, model)

    def covers(self, finding: Locatable, probe: str | None) -> bool:
        """Whether it matches a finding, of that probe, and all that is told with it: by every limit that it states."""
        return self._covers_one(finding, probe) and all(self._covers_one(repeat, probe) for repeat in finding.repeats)

    def _covers_one(self, finding: Locatable, probe: str | None) -> bool:
        return (
            self.could_cover(finding.rule, probe=probe)
            and (self.pointer is None or fnmatchcase(finding.pointer, self.pointer))
            and (not self.message or _one_matches(self.message, finding.message))
            and (not self.statuses or finding.status in self.statuses)
            and set(self.asks) <= finding.asks
        )

    def could_cover(self, rule: str, *, probe: str | None) -> bool:
        """Whether it is about that rule, and about that probe."""
        return self.rule == rule and (not self.probes or (probe is not None and _one_matches(self.probes, probe)))

    def expired(self, as_of: date) -> bool:
        """Whether its last day lies before `as_of`."""
        return as_of > self.expires


#: The rule whose notes a documented field makes void.
FIELD_NOTE: Final = "schema.unknown_field"


@dataclass(frozen=True)
class Documented:
    """Fields of answers that a provider documents beside those of its dialect, as patterns over their JSON pointers."""

    fields: tuple[str, ...]
    source: str
    how: How
    read: date
    dialect: str | None = None

    def names(self, pointer: str, dialect: str) -> bool:
        """Whether the field at a pointer is one of them, or stands within one."""
        own = self.dialect in {None, dialect}
        return own and any(fnmatchcase(pointer, name) or fnmatchcase(pointer, f"{name}/*") for name in self.fields)


@dataclass(frozen=True)
class Also:
    """What a model can do where a member of the request (`thinking.type`) has a value."""

    member: str
    value: Any
    capabilities: frozenset[str]

    def holds(self, body: Mapping[str, Any]) -> bool:
        """Whether a request's body has that value there."""
        value: Any = body
        for step in self.member.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        return bool(value == self.value)


@dataclass(frozen=True)
class Model:
    """A known model. `capabilities` are complete: the provider's, with its own added and what it is without removed.

    `dialects` are those that it answers in, where it has no chat: an embedding model.
    `dimensions` are those of its vectors. `also` is what it can do where the request asks it to do without something else.

    `listing` holds templates of members that only its entry in GET /models has.
    """

    id: str
    capabilities: frozenset[str]
    context: int | None = None
    price: Price | None = None
    speed: Speed | None = None
    params: Params = field(default_factory=Params)
    listing: Mapping[str, Any] = field(default_factory=dict, hash=False)
    source: str = ""
    read: date | None = None
    dialects: tuple[str, ...] = ()
    dimensions: int | None = None
    also: tuple[Also, ...] = ()


@dataclass(frozen=True)
class Provider:
    """Who answers, as its TOML and its parents' say. Base URL, dialect and auth are empty only where it is abstract.

    `base_urls` are those of dialects whose paths start elsewhere, by the dialect; `differs` says what else differs there.
    `other_base_urls` are further ones at which the server answers in a dialect, as that of an older version.

    Equality looks at everything, the hash at the name: mappings do not hash, and a registry has a name once.
    """

    name: str
    file: Path = field(hash=False)
    abstract: bool = field(default=False, hash=False)
    base_url: str = field(default="", hash=False)
    base_urls: Mapping[str, str] = field(default_factory=dict, hash=False)
    other_base_urls: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    hosts: tuple[str, ...] = field(default=(), hash=False)
    differs: Mapping[str, Differences] = field(default_factory=dict, hash=False)
    dialect: str = field(default="", hash=False)
    dialects: tuple[str, ...] = field(default=(), hash=False)
    auth: Auth | None = field(default=None, hash=False)
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    limits: Mapping[str, int] = field(default_factory=dict, hash=False)
    capabilities: frozenset[str] = field(default=frozenset(), hash=False)
    models: Mapping[str, Model] = field(default_factory=dict, hash=False)
    default_models: tuple[str, ...] = field(default=(), hash=False)
    deviations: tuple[Deviation, ...] = field(default=(), hash=False)
    documented: tuple[Documented, ...] = field(default=(), hash=False)
    stream: Stream = field(default_factory=Stream, hash=False)
    errors: Errors = field(default_factory=Errors, hash=False)
    rate_limit: Mapping[str, Unit] = field(default_factory=dict, hash=False)
    rate_limit_words: Mapping[str, str] = field(default_factory=dict, hash=False)
    params: Params = field(default_factory=Params, hash=False)
    refused_requests: tuple[RefusedRequest, ...] = field(default=(), hash=False)
    server: Server | None = field(default=None, hash=False)
    gateway: Gateway | None = field(default=None, hash=False)
    wire: Wire = field(default_factory=Wire, hash=False)
    pace: Pace = field(default_factory=Pace, hash=False)
    source: str = field(default="", hash=False)
    read: date | None = field(default=None, hash=False)

    def documents(self, finding: Locatable, dialect: str) -> bool:
        """Whether a finding is a note on a field that the provider documents."""
        return finding.rule == FIELD_NOTE and any(entry.names(finding.pointer, dialect) for entry in self.documented)

    def auth_of(self, dialect: str) -> Auth | None:
        """Return which header carries the key in a dialect."""
        own = self.differs.get(dialect)
        return own.auth if own is not None and own.auth is not None else self.auth

    def headers_of(self, dialect: str) -> Mapping[str, str]:
        """Return the static headers of each request in a dialect."""
        own = self.differs.get(dialect)
        return own.headers if own is not None and own.headers is not None else self.headers

    def capabilities_of(self, dialect: str, model: str) -> frozenset[str]:
        """Return the capabilities of a model in a dialect: those of the dialect, with the model's own differences."""
        known = self.models.get(model)
        listed = known.capabilities if known is not None else self.capabilities
        own = self.differs.get(dialect)
        if own is None or own.capabilities is None:
            return listed
        return (own.capabilities | (listed - self.capabilities)) - (self.capabilities - listed)

    def hosting_of(self, dialect: str) -> Hosting | None:
        """Return how the provider carries a dialect that is not its own; None: as the dialect's own API does."""
        own = self.differs.get(dialect)
        return own.hosting if own is not None else None

    @property
    def takes(self) -> frozenset[str]:
        """What a model that no file lists may be asked for: all that some model of the provider can, and to see.

        It need not think aloud: that is asked of nobody.
        """
        listed = self.capabilities.union(*(model.capabilities for model in self.models.values()))
        return (listed | {"vision"}) - {"reasoning"}

    def stream_error_type_of(self, dialect: str) -> str | None:
        """Return the content type of an error in place of a stream, where it is not that of other errors."""
        own = self.differs.get(dialect)
        return own.stream_error_type if own is not None else None

    def envelope_of(self, dialect: str) -> Envelope:
        """Return the form of error bodies in a dialect, where a case states no other."""
        own = self.differs.get(dialect)
        return own.envelope if own is not None and own.envelope is not None else self.errors.envelope


def _one_matches(patterns: Iterable[str], text: str) -> bool:
    """Whether one of the fnmatch patterns matches; none at all limits nothing."""
    patterns = tuple(patterns)
    return not patterns or any(fnmatchcase(text, pattern) for pattern in patterns)
