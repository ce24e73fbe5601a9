"""A literal becomes a mention: whose model it names, and what becomes of that on a day.

A false alarm costs more than a hint: what a mention says of a model is certain only where the name can be nothing else.

- Its own prefix (`groq/...`) tells the provider; else the nearest text that names one does.
- Without either, it can only be the id of a provider whose ids can stand alone (clues.toml), letter by letter: open weights go by
  one name at many hosts, and on a machine of one's own.
- A short name without a number (`command`, `ada`) or of three letters (`o1`) counts only as the value of a key that says `model`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from conformance.lifecycle.context import clues, nearest, of_prefix, stands_alone, told_by
from conformance.lifecycle.lookup import find, find_all
from conformance.lifecycle.names import Grade
from conformance.lifecycle.scan.literal import has_form_of_id
from conformance.lifecycle.status import State, Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from conformance.lifecycle.lookup import Found
    from conformance.lifecycle.scan.literal import Literal

_SHORT = 3


@dataclass(frozen=True)
class Mention:
    """A model that is named: by whom it is served (several where that is open), and what becomes of it.

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
    """Return what a literal names; None where it names no model that anybody knows.

    Args:
        literal: the text, and what stands near it.
        file: where it stands.
        as_of: the day.
        known: models that are listed as current, by provider.
    """
    text = literal.text
    named = literal.is_value_of_model
    prefix, rest, routes = _prefix(text)
    routed = find(prefix, rest) if prefix else None
    everywhere = find_all(text)
    if not named and not routed and (not everywhere or not _tells_itself(text)):
        return None
    near = frozenset({prefix}) if prefix and routes else nearest([*literal.levels(), file])

    def said(providers: tuple[str, ...], status: Status, *, certain: bool = True) -> Mention:
        return Mention(text, providers, status, certain, file, literal.line)

    if prefix and routed and (prefix in near or not any(clues()[each].owners for each in near)):
        return said((prefix,), routed.status(as_of), certain=routes or not _passes_on(prefix, near, literal))
    here = {each: found for each in sorted(near) if (found := find(each, text)) is not None}
    if here:
        best = max(found.grade for found in here.values())
        here = {each: found for each, found in here.items() if found.grade is best}
        firm = all(not _is_of_another_owner(text, found) for found in here.values())
        return _agreed(said, here, as_of, firm=firm)
    strong = frozenset(each for each in near if not clues()[each].weak)
    alone = {
        each: found for each, found in everywhere.items() if any(stands_alone(each, model) for model in found.models)
    }
    if not strong and alone:
        exact = {each: found for each, found in alone.items() if text in found.models and stands_alone(each, text)}
        taken = _agreed(said, exact or alone, as_of, firm=bool(exact))
        return taken if exact or taken.status.fails() else None
    if named and has_form_of_id(text):
        whose = tuple(near) if len(near) == 1 else (prefix,) if prefix and not near else ()
        listed = any({text, rest} & known.get(each, frozenset()) for each in whose)
        return said(whose, Status(State.ACTIVE if listed else State.UNKNOWN, certain=listed))
    return None


def _agreed(said: _Said, found: Mapping[str, Found], as_of: date, *, firm: bool) -> Mention:
    """Return what all providers say, or what the worst of them does where they differ: that is only possible."""
    statuses = {each: one.status(as_of) for each, one in found.items()}
    agree = len({(one.fails(), one.state) for one in statuses.values()}) == 1
    worst = max(statuses.values(), key=lambda one: (one.fails(), -(one.days or 0)))
    providers = tuple(each for each, one in statuses.items() if one.state is worst.state)
    return said(providers, worst, certain=firm and agree)


def _passes_on(prefix: str, near: frozenset[str], literal: Literal) -> bool:
    """Whether a gateway is at work in the file, so that what stands before the slash made the model and need not serve it."""
    if prefix in near and not clues()[prefix].weak:
        return False
    whole = list(literal.levels())[-1]
    return bool(clues()[prefix].alone) and any(clues()[each].owners for each in told_by(whole))


def _tells_itself(text: str) -> bool:
    """Whether a text can be taken for a model's name wherever it stands."""
    return len(text) > _SHORT and any(map(str.isdigit, text))


def _prefix(text: str) -> tuple[str | None, str, bool]:
    """Return the provider that a prefix names, the rest, and whether it can be nothing but a route.

    `groq:llama-3.3-70b-versatile` is one; before a slash may also stand who made the model (`openai/gpt-oss-120b`).
    """
    head, separator, rest = re.split("([/:])", text, maxsplit=1) if re.search("[/:]", text) else (text, "", "")
    prefix = of_prefix(head) if rest else None
    return prefix, rest, separator == ":"


def _is_of_another_owner(text: str, found: Found) -> bool:
    """Whether a name has an owner that the provider's own id has not: `meta-llama/Llama-3.1-8B-Instruct` is the weights' name."""
    owner, slash, _ = text.rpartition("/")
    if found.grade is Grade.EXACT or not slash or of_prefix(owner) == found.provider:
        return False
    return not any(model.startswith(f"{owner}/") for model in found.models)
