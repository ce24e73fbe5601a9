"""A literal becomes a mention: the model, its provider, and its status on a day.

A false alarm costs more than a hint: what a mention says of a model is certain only where the name can be nothing else.

- Its own prefix (`groq/...`) tells the provider; else the nearest text that names one who serves it does.
- An id that only one maker ever had (clues.toml, letter by letter) is that maker's wherever it stands. Only near a host that serves
  the maker's models under the same names is the maker's word not enough.
- Open weights go by one name at many hosts, and on a machine of one's own: without a provider near, they have no provider.
- A short name without a number (`command`, `ada`) or of three letters (`o1`) counts only as the value of a key that says `model`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from conformance.knowledge.lifecycle.context import clues, may_serve, nearest, of_prefix, stands_alone, told_by
from conformance.knowledge.lifecycle.lookup import find, find_all
from conformance.knowledge.lifecycle.lookup import providers as lookup_providers
from conformance.knowledge.lifecycle.names import Grade
from conformance.knowledge.lifecycle.scan.literal import has_form_of_id
from conformance.knowledge.lifecycle.scan.route import route_of
from conformance.knowledge.lifecycle.scan.version import versioned
from conformance.knowledge.lifecycle.status import State, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from conformance.knowledge.lifecycle.lookup import Found
    from conformance.knowledge.lifecycle.scan.literal import Literal
    from conformance.knowledge.lifecycle.scan.route import Route

_SHORT = 3
_STATEMENT = 240  # characters
_LINES = 3
_DASHES = 2  # that no word of a language has: `text-moderation-latest`


@dataclass(frozen=True)
class Mention:
    """A named model: its provider (several where that is open), and its status.

    `certain` is false where it is only possible that the name means this model of this provider.
    """

    model: str
    providers: tuple[str, ...]
    status: Status
    certain: bool
    file: str
    line: int


class _Said(Protocol):
    def __call__(self, providers: tuple[str, ...], status: Status, *, certain: bool = True) -> Mention: ...


def mention(literal: Literal, file: str, as_of: date, known: Mapping[str, frozenset[str]]) -> Mention | None:
    """Return the models that a literal names; None where it names no known model.

    Args:
        literal: the text, and the texts near it.
        file: where it stands.
        as_of: the day.
        known: models that are listed as current, by provider.
    """
    text = versioned(literal)
    route = route_of(text)
    named = literal.is_value_of_model
    everywhere = find_all(route.name)
    routed = find(route.provider, route.rest) if route.provider else None
    if not named and not routed and (not everywhere or not _tells_itself(text, literal, everywhere)):
        return None
    prefix = route.provider
    near = frozenset({prefix}) if prefix and route.sure else nearest([*literal.levels(), file])

    def said(providers: tuple[str, ...], status: Status, *, certain: bool = True) -> Mention:
        return Mention(text, providers, status, certain, file, literal.line)

    if prefix and routed and (prefix in near or not any(clues()[name].owners for name in near)):
        certain = route.sure or not _passes_on(prefix, near, literal) or _is_gone_everywhere(prefix, everywhere, as_of)
        return said((prefix,), routed.status(as_of), certain=certain)
    here = {name: entry for name in sorted(near) if (entry := find(name, text)) is not None}
    closed = _closed(route, everywhere)
    if here and closed and _differ(closed, here, as_of) and not route.sure and not nearest(_close_by(literal)):
        here = closed | here  # only the file names the host: the maker has a say too
    if here:
        best = max(entry.grade for entry in here.values())
        here = {name: entry for name, entry in here.items() if entry.grade is best}
        firm = all(not _is_of_another_owner(text, entry) for entry in here.values())
        return _agreed(said, here, as_of, firm=firm)
    if closed:
        hosts = {host for host in near for maker in closed if may_serve(host, maker)}
        hosts -= {host for host in hosts if clues()[host].own_machine and host not in nearest(_at_hand(literal))}
        certain = not hosts or all(_is_gone_everywhere(maker, everywhere, as_of, hosts) for maker in closed)
        return _agreed(said, closed, as_of, firm=certain)
    strong = {name for name in near if not clues()[name].weak}
    alone = {
        name: entry for name, entry in everywhere.items() if any(stands_alone(name, model) for model in entry.models)
    }
    hint = _agreed(said, alone, as_of, firm=False) if alone and not strong else None
    if hint is not None and hint.status.fails():
        return hint
    listing = frozenset(name for name, models in known.items() if {text, route.rest, route.name} & models)
    named = named or bool(listing) or any(entry.grade > Grade.FAMILY for entry in everywhere.values())
    return _without_claim(said, route, near, listing) if named and has_form_of_id(text) else None


def _without_claim(mention_of: _Said, route: Route, near: frozenset[str], listing: frozenset[str]) -> Mention:
    """Return a model that no claim is made of: one that its provider lists, or one that is unknown."""
    whose = tuple(near) if len(near) == 1 else tuple(sorted(listing))
    if not near and route.provider:
        whose = (route.provider,)
    listed = bool(listing & set(whose))
    return mention_of(whose, Status(State.ACTIVE if listed else State.UNKNOWN, certain=listed))


def _closed(route: Route, everywhere: Mapping[str, Found]) -> dict[str, Found]:
    """Return the makers whose own id a name is, letter by letter: nobody else ever had it, wherever it stands."""
    return {
        name: entry
        for name, entry in everywhere.items()
        if _is_id(route.name, entry)
        and any(stands_alone(name, model) for model in entry.models)
        and route.maker in {name, route.provider, None}
    }


def _differ(some: Mapping[str, Found], others: Mapping[str, Found], as_of: date) -> bool:
    """Return True if a model fails at some providers and not at others."""
    return len({entry.status(as_of).fails() for entry in (*some.values(), *others.values())}) > 1


def _is_id(name: str, entry: Found) -> bool:
    """Return True if a name is an id and not the way people speak: letter by letter, or with dots for dashes (`claude-3.5-sonnet`)."""
    return name in entry.models or (
        entry.grade > Grade.FAMILY and name == name.lower() and " " not in name and "/" not in name
    )


def _is_gone_everywhere(maker: str, everywhere: Mapping[str, Found], as_of: date, hosts: Iterable[str] = ()) -> bool:
    """Return True if a model is retired by its maker and by everybody who is known to serve it.

    A host that the registry has a file for, but no line for this model, may still serve it; a server of one's own serves what it likes.
    """
    served = {name: entry for name, entry in everywhere.items() if entry.grade > Grade.FAMILY}
    if maker not in served or any(
        clues()[host].own_machine or host in lookup_providers() - served.keys() for host in hosts
    ):
        return False
    return all(entry.status(as_of).fails() for entry in served.values())


def _at_hand(literal: Literal) -> list[str]:
    """Return the short texts near a literal: its own statement, not the list or the file that it stands in."""
    return [text for text in _close_by(literal) if len(text) <= _STATEMENT and text.count("\n") < _LINES]


def _close_by(literal: Literal) -> list[str]:
    """Return the texts near a literal without the last one, which is the whole file."""
    return list(literal.levels())[:-1]


def _agreed(mention_of: _Said, entries: Mapping[str, Found], as_of: date, *, firm: bool) -> Mention:
    """Return the status on which all providers agree. Where they differ, the worst one holds, as possible only."""
    statuses = {provider: one.status(as_of) for provider, one in entries.items()}
    agree = len({(one.fails(), one.state) for one in statuses.values()}) == 1
    worst = max(statuses.values(), key=lambda one: (one.fails(), -(one.days or 0)))
    providers = tuple(provider for provider, one in statuses.items() if one.state is worst.state)
    return mention_of(providers, worst, certain=firm and agree)


def _passes_on(prefix: str, near: frozenset[str], literal: Literal) -> bool:
    """Return True if a gateway is at work in the file, so the word before the slash is the maker of the model and need not serve it."""
    if prefix in near and not clues()[prefix].weak:
        return False
    whole = list(literal.levels())[-1]
    return bool(clues()[prefix].alone) and any(clues()[maker].owners for maker in told_by(whole))


def _tells_itself(text: str, literal: Literal, everywhere: Mapping[str, Found]) -> bool:
    """Return True if a text can be taken for a model's name: it cannot be a word of the language, or its key tells whose it is."""
    exact = {name for name, entry in everywhere.items() if entry.grade is Grade.EXACT}
    if len(text) > _SHORT and any(map(str.isdigit, text)):
        return True
    if exact and (
        text.count("-") >= _DASHES
        or ("-" in text and any(clues()[name].pattern.match(text) for name in exact & clues().keys()))
    ):
        return True  # `text-moderation-latest`, `deepseek-chat`
    close = (
        told_by(literal.key)
        if any(map(str.isdigit, text))
        else nearest(_close_by(literal))
        if "-" in text
        else frozenset()
    )
    return bool(close & exact)


def _is_of_another_owner(text: str, entry: Found) -> bool:
    """Return True if a name has an owner that the provider's own id has not: `meta-llama/Llama-3.1-8B-Instruct` is the weights' name."""
    owner, slash, _ = text.rpartition("/")
    if entry.grade is Grade.EXACT or not slash or of_prefix(owner) == entry.provider:
        return False
    return not any(model.startswith(f"{owner}/") for model in entry.models)
