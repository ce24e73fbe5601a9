"""What each clause of an answer does, by the pieces of its words: does it claim something of the page, does it admit to have not seen it?

The weights (`roles.json`, in the form of `spelling.json`) were learnt from whole answers: one that made something up holds a clause
that claims, one that discloses holds none and has a clause that admits. So an admission is known beside whatever claim stands
before or behind it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from conformance.knowledge.grounding.spelling import Spelling, likely, places_of, spelling_from, text_of_spelling

ROLES = Path(__file__).with_name("roles.json")
_MORE_LIKELY = 0.5


class Roles(NamedTuple):
    """The trained weights of the two roles."""

    claims: Spelling
    admits: Spelling


@cache
def load_roles() -> Roles:
    """Return the shipped weights."""
    table = json.loads(ROLES.read_text("utf-8"))
    return Roles(spelling_from(table["claims"]), spelling_from(table["admits"]))


def roles_in(clauses: list[list[str]], roles: Roles) -> dict[str, float]:
    """Return the features: how likely clauses claim and admit, and how likely one claims before and behind an admission."""
    pieces = [places for places in (places_of([words]) for words in clauses) if places]
    if not pieces:
        return {}
    claims = [likely(places, roles.claims) for places in pieces]
    admits = [likely(places, roles.admits) for places in pieces]
    place = max(range(len(admits)), key=admits.__getitem__)
    last = max((at for at, score in enumerate(admits) if score > _MORE_LIKELY), default=len(admits))
    return {
        "role:claims": max(claims),
        "role:admits": max(admits),
        "role:mean claims": sum(claims) / len(claims),
        "role:mean admits": sum(admits) / len(admits),
        "role:first claims": claims[0],
        "role:last claims": claims[-1],
        "role:claims before": max(claims[:place], default=0.0),
        "role:claims behind": max(claims[place + 1 :], default=0.0),
        "role:claims behind all": max(claims[last + 1 :], default=0.0),
        "role:claims share": sum(score > _MORE_LIKELY for score in claims) / len(claims),
        "role:both": min(max(claims), max(admits)),
        "role:alone": admits[0] if len(admits) == 1 else 0.0,
    }


def text_of_roles(roles: Roles) -> str:
    """Return the table as the file holds it."""
    return f'{{\n"claims": {text_of_spelling(roles.claims)},\n"admits": {text_of_spelling(roles.admits)}}}\n'
