"""Looks a name up in the registry of a provider."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from conformance.knowledge.lifecycle.names import Grade, bare, is_dated_family, is_family, spoken, words
from conformance.knowledge.lifecycle.registry import load_registry
from conformance.knowledge.lifecycle.status import State, Status, status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from conformance.knowledge.lifecycle.names import Words
    from conformance.knowledge.lifecycle.registry import Claim


@dataclass(frozen=True)
class Found:
    """The models of a provider that a name stands for, each with its claims, and the likeness of the names."""

    provider: str
    grade: Grade
    models: Mapping[str, tuple[Claim, ...]]

    def status(self, as_of: date) -> Status:
        """Return the status of the models: several are gone when the last one is."""
        statuses = [status(claims, as_of) for claims in self.models.values()]
        return max(statuses, key=lambda one: (one.state is not State.RETIRED, one.days is None, one.days or 0))


@dataclass(frozen=True)
class _Index:
    exact: Mapping[str, str]
    alike: Mapping[Words, tuple[str, ...]]
    heads: Mapping[str, tuple[tuple[Words, str], ...]]
    claims: Mapping[str, tuple[Claim, ...]]


def providers() -> frozenset[str]:
    """Return the names of the providers that the registry knows."""
    return frozenset(load_registry())


def find(provider: str, name: str) -> Found | None:
    """Return the models that a name stands for at a provider, by the best grade that fits; None where the registry has none."""
    if provider not in load_registry():
        return None
    index, full, own = _index(provider), bare(name), words(name)
    if full in index.exact:
        return _found(index, provider, Grade.EXACT, index.exact[full])
    if own in index.alike:
        return _found(index, provider, Grade.ALIKE, *index.alike[own])
    entries, short = index.heads.get(own[0], ()) if own else (), spoken(name)
    if not any(is_family(short, entry) for entry, _ in entries):
        return None
    return _found(index, provider, Grade.FAMILY, *(model for entry, model in entries if is_dated_family(short, entry)))


def find_all(name: str) -> dict[str, Found]:
    """Return the models that a name stands for, for every provider of the registry."""
    own = words(name)
    if not own or own[0] not in heads():
        return {}
    return {provider: entry for provider in load_registry() if (entry := find(provider, name)) is not None}


def in_place_of(provider: str, names: tuple[str, ...], as_of: date) -> tuple[str, ...]:
    """Return the models to use in place of one that goes, given those that its claims name.

    What is retired itself is followed on; what may be gone is named only where there is nothing else.
    """
    living: dict[str, None] = {}
    disputed: dict[str, None] = {}
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        entry = find(provider, name)
        outcome = entry.status(as_of) if entry and entry.grade > Grade.FAMILY else None
        if outcome is not None and outcome.fails(0):
            waiting.extend(outcome.replacement)
        elif outcome is not None and outcome.state is State.DISPUTED:
            disputed[name] = None
        else:
            living[name] = None
    return tuple(living or disputed)


@cache
def begins_others(name: str) -> bool:
    """Return True if longer ids of the registry begin with a name, as `gpt-4-turbo` begins with `gpt-4`."""
    own = words(name)
    others = (
        entry for provider in load_registry() for entry, _ in _index(provider).heads.get(own[0] if own else "", ())
    )
    return any(len(entry) > len(own) and entry[: len(own)] == own for entry in others)


@cache
def heads() -> frozenset[str]:
    """Return the words that models' names begin with."""
    return frozenset(head for provider in load_registry() for head in _index(provider).heads)


@cache
def _index(provider: str) -> _Index:
    claims: dict[str, list[Claim]] = defaultdict(list)
    alike: dict[Words, list[str]] = defaultdict(list)
    by_head: dict[str, list[tuple[Words, str]]] = defaultdict(list)
    for claim in load_registry()[provider]:
        if claim.model not in claims:
            own = words(claim.model)
            alike[own].append(claim.model)
            by_head[own[0]].append((own, claim.model))
        claims[claim.model].append(claim)
    return _Index(
        {bare(model): model for model in claims},
        {key: tuple(models) for key, models in alike.items()},
        {key: tuple(entries) for key, entries in by_head.items()},
        {key: tuple(claim) for key, claim in claims.items()},
    )


def _found(index: _Index, provider: str, grade: Grade, *models: str) -> Found:
    return Found(provider, grade, {model: index.claims[model] for model in models})
