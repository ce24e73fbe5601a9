"""Figures and dates of both sides that no answer shows: limits, prices, retirement, speed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from conformance.errors import command
from conformance.knowledge.lifecycle.lookup import find
from conformance.rules.table import Severity
from conformance.verdicts.comparison import Change, Fact, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from conformance.knowledge.lifecycle.status import Status
    from conformance.providers import Target
    from conformance.providers.tables import Price
    from conformance.runs.upgrade.material import Material
    from conformance.verdicts.comparison import Standing

_MILLION: Final = 1_000_000


class Tokens(NamedTuple):
    """The tokens of a side's requests, as its usage counts them."""

    requests: int
    input: int
    output: int


def facts_of(a: Material, b: Material, as_of: date) -> tuple[list[Fact], list[Change]]:
    """Return the facts of both sides, and those of them that are changes for the worse."""
    if a.target is None or b.target is None:
        return [], []
    facts = [
        _lives(a.target, b.target, as_of),
        _figure("context window", a.target, b.target, _context, "tokens", more_is_better=True),
        _figure("input price", a.target, b.target, lambda target: _price(target, "input"), "USD per million tokens"),
        _figure("output price", a.target, b.target, lambda target: _price(target, "output"), "USD per million tokens"),
        _run(a, b),
        *_limits(a.target, b.target),
        _figure("advertised speed", a.target, b.target, _speed, "tokens per second", more_is_better=True),
    ]
    return facts, list(_changes(facts, b.target, as_of))


def tokens_of(side: Material) -> Tokens:
    """Return the tokens of a side's answers, each answer's last usage report counted once."""
    counted = [(report.value, case) for case in side.cases for report in case.reply.usages[-1:]]
    pairs = [(_count(value, "prompt_tokens"), _count(value, "completion_tokens")) for value, _ in counted]
    return Tokens(len(pairs), sum(before for before, _ in pairs), sum(after for _, after in pairs))


def _count(usage: object, name: str) -> int:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) else 0


def _run(a: Material, b: Material) -> Fact:
    """Return the price of A's recorded requests on both sides, if both write as many tokens."""
    tokens = tokens_of(a)
    prices = [target.price if target else None for target in (a.target, b.target)]
    name = "price of A's recorded requests"
    if not tokens.requests or None in prices:
        return Fact(name, "not known", "not known", "not known", "needs usage in A's answers and both prices")
    before, after = (_cost(price, tokens) for price in prices if price is not None)
    note = f"{tokens.requests} requests, {tokens.input} input and {tokens.output} output tokens, counted by A"
    return Fact(name, f"${before:.4f}", f"${after:.4f}", _standing(before, after, more_is_better=False), note)


def _cost(price: Price, tokens: Tokens) -> float:
    return (price.input * tokens.input + price.output * tokens.output) / _MILLION


def _figure(
    name: str,
    a: Target,
    b: Target,
    read: Callable[[Target], tuple[float, str] | None],
    unit: str,
    *,
    more_is_better: bool = False,
) -> Fact:
    before, after = read(a), read(b)
    standing: Standing = "not known"
    if before is not None and after is not None:
        standing = _standing(before[0], after[0], more_is_better=more_is_better)
    note = "; ".join(dict.fromkeys(entry[1] for entry in (before, after) if entry is not None))
    return Fact(name, _shown(before, unit), _shown(after, unit), standing, note)


def _shown(entry: tuple[float, str] | None, unit: str) -> str:
    return "not known" if entry is None else f"{entry[0]:g} {unit}" if entry[0] < _MILLION else f"{entry[0]:.0f} {unit}"


def _standing(before: float, after: float, *, more_is_better: bool) -> Standing:
    if before == after:
        return "same"
    return "better" if (after > before) is more_is_better else "worse"


def _context(target: Target) -> tuple[float, str] | None:
    known = target.known
    return (known.context, known.source) if known is not None and known.context is not None else None


def _price(target: Target, part: str) -> tuple[float, str] | None:
    price = target.price
    return None if price is None else (getattr(price, part), f"{price.source}, read {price.read}")


def _speed(target: Target) -> tuple[float, str] | None:
    speed = target.known.speed if target.known else None
    return None if speed is None else (speed.advertised_tps, f"{speed.source}, read {speed.read}")


def _limits(a: Target, b: Target) -> Iterator[Fact]:
    before, after = a.provider.limits, b.provider.limits
    for name in dict.fromkeys((*before, *after)):
        own, other = before.get(name), after.get(name)
        standing: Standing = "not known" if own is None or other is None else _standing(own, other, more_is_better=True)
        yield Fact(
            name.replace("_", " "), _plain(own), _plain(other), standing, "the tier that the providers' TOML files name"
        )


def _plain(value: int | None) -> str:
    return "not known" if value is None else str(value)


def _lives(a: Target, b: Target, as_of: date) -> Fact:
    """Return the retirement of both models: B has to outlive A."""
    before, after = (_status(target, as_of) for target in (a, b))
    words = [_life(status) for status in (before, after)]
    remedy = command("models", b.id)
    if after is None or after.claim is None or after.claim.shutdown is None:
        standing: Standing = "same" if a == b else "not known"
        return Fact("retirement", words[0], words[1], standing, "no day is announced for B in the registry", remedy)
    ends, lives = after.claim.shutdown, before.claim.shutdown if before and before.claim else None
    if after.fails() and a != b:
        standing = "worse"
    elif lives is None:
        standing = "same" if a == b else "worse" if after.warns() else "changed"
    else:
        standing = _standing(lives.toordinal(), ends.toordinal(), more_is_better=True)
    return Fact("retirement", words[0], words[1], standing, after.claim.source, remedy)


def _status(target: Target, as_of: date) -> Status | None:
    entry = find(target.provider.name, target.model)
    return entry.status(as_of) if entry is not None else None


def _life(status: Status | None) -> str:
    return (
        "no day announced" if status is None or status.claim is None or status.claim.shutdown is None else status.words
    )


def _changes(facts: Sequence[Fact], b: Target, as_of: date) -> Iterator[Change]:
    for fact in facts:
        if fact.standing != "worse":
            continue
        gone = fact.name == "retirement" and (status := _status(b, as_of)) is not None and status.fails()
        yield Change(
            about="fact",
            id=f"fact.{fact.name.replace(' ', '_')}",
            kind=Kind.CHANGED,
            severity=Severity.ERROR if gone else Severity.WARNING,
            title=f"{fact.name}: {fact.after}, not {fact.before}",
            breaks_if=_WHO.get(fact.name, "counts on the old figure"),
            capability="facts",
            evidence="documented",
            before=fact.before,
            after=fact.after,
        )


_WHO: Final = {
    "retirement": "stays on B until its end",
    "context window": "fills A's context window",
    "input price": "has a budget",
    "output price": "has a budget",
    "price of A's recorded requests": "has a budget",
    "advertised speed": "counts on A's speed",
    "requests per minute": "sends as many requests as A allows",
    "requests per day": "sends as many requests as A allows",
    "tokens per minute": "sends as many tokens as A allows",
    "tokens per day": "sends as many tokens as A allows",
}
