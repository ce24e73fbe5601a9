"""The face that every dialect shows: one table row, whatever module or package stands behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from conformance.wire.dialects import single
from conformance.wire.dialects.ask import NO_WORDS, NotSayable, Vocabulary
from conformance.wire.dialects.reply import Asked, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conformance.wire.dialects.ask import Ask, Composed
    from conformance.wire.dialects.reply import ToolCall
    from conformance.wire.exchange import Exchange, Request


#: What a successful answer consists of. Only a dialect that answers with words can be asked for a completion.
Answers: TypeAlias = Literal["words", "vectors", "a transcript"]


class Readable(Protocol):
    """What a module or package of `conformance.wire.dialects` defines so that its traffic is judged. mypy holds every row against it."""

    @property
    def NAME(self) -> str:  # noqa: N802 - a module's constant
        """The one name of the dialect, in targets, TOML files and cassettes."""

    @property
    def VOCABULARY(self) -> Vocabulary:  # noqa: N802
        """The words that the dialect documents for finish reasons, roles and errors."""

    @property
    def LIMITS(self) -> tuple[str, ...]:  # noqa: N802
        """The parameters that limit the output, the usual one first; members of objects as `options.num_predict`."""

    @property
    def claims(self) -> Callable[[Exchange], bool]:
        """Whether an exchange of no stated dialect speaks this one."""

    @property
    def asked(self) -> Callable[[Request], Asked]:
        """Read a request in neutral terms."""

    @property
    def decode(self) -> Callable[[Exchange], Reply]:
        """Decode a response. Never raises: what cannot be read stands in the reply."""


class Askable(Readable, Protocol):
    """What it defines besides so that probes are asked in it."""

    @property
    def compose(self) -> Compose:
        """Write a request."""

    @property
    def history(self) -> Callable[[Request], list[Any]]:
        """Return the items of a conversation that a request sent, in the form that `carry_on` extends."""

    @property
    def carry_on(self) -> CarryOn:
        """Return the history after a reply and the results of its tool calls."""


class Compose(Protocol):
    """Write a request for a model, or say why the dialect cannot; `refused` are parameters that the target does not take."""

    def __call__(self, ask: Ask, model: str | None, refused: frozenset[str] = ...) -> Composed | NotSayable:
        """Return the request."""


class CarryOn(Protocol):
    """Return a history with a reply's message and one result a tool call behind it; without a reply, the results alone."""

    def __call__(
        self, history: Sequence[Any], reply: Reply | None, results: Sequence[tuple[ToolCall, str]] = ...
    ) -> list[Any]:
        """Return the items, in the dialect's own form."""


@dataclass(frozen=True)
class Dialect:
    """A wire protocol.

    Reading: `claims` knows its requests, `asked` reads them, `decode` reads the responses.
    Writing: `compose(ask, model, refused)` returns the request, or why the dialect cannot say it. `model` None writes none; `refused` are
    parameters that the target does not take: a limit goes out under the first of `limits` that is not among them.
    `history(request)` are the items that a request sent, and `carry_on(history, reply, results)` those after the reply: its message as it
    came (a streamed one as clients join it) and one result a tool call. What it returns is `Ask.history` of the next request.
    `answers` is the kind of its answers, and `silent_on` are subjects of rules that they say nothing about: no probe of these is asked.
    """

    name: str
    claims: Callable[[Exchange], bool]
    asked: Callable[[Request], Asked]
    decode: Callable[[Exchange], Reply]
    compose: Compose
    history: Callable[[Request], list[Any]]
    carry_on: CarryOn
    vocabulary: Vocabulary
    limits: tuple[str, ...]
    answers: Answers = "words"
    silent_on: frozenset[str] = frozenset()


def dialect(module: Askable, *, answers: Answers = "words", silent_on: frozenset[str] = frozenset()) -> Dialect:
    """Return the row of a dialect that is read and asked, what it answers with, and the subjects that its answers say nothing about."""
    row = _row(module, module.compose, module.history, module.carry_on)
    return replace(row, answers=answers, silent_on=silent_on)


def read_only(module: Readable, *, answers: Answers = "words") -> Dialect:
    """Return the row of a dialect that is read, and not asked yet: its recorded traffic is judged."""
    return replace(_row(module, _not_asked, single.history, single.carry_on), answers=answers)


def unwritten(name: str) -> Dialect:
    """Return the row of a dialect that nobody has written."""
    return Dialect(
        name=name,
        claims=lambda _: False,
        asked=lambda _: Asked("unknown"),
        decode=lambda _: Reply("unknown", streamed=False),
        compose=_not_asked,
        history=single.history,
        carry_on=single.carry_on,
        vocabulary=NO_WORDS,
        limits=(),
    )


def _row(module: Readable, compose: Compose, history: Callable[[Request], list[Any]], carry_on: CarryOn) -> Dialect:
    return Dialect(
        name=module.NAME,
        claims=module.claims,
        asked=module.asked,
        decode=module.decode,
        compose=compose,
        history=history,
        carry_on=carry_on,
        vocabulary=module.VOCABULARY,
        limits=module.LIMITS,
    )


def _not_asked(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> NotSayable:  # noqa: ARG001 - the face
    return NotSayable("cannot be asked yet")
