"""A profile of somebody's own traffic: the rules that its exchanges give something to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import UnusableInputError
from conformance.recording.importers import Unreadable, find_files, read_exchanges
from conformance.rules.judging import judge
from conformance.rules.table import RULES, Severity
from conformance.runs.profile import as_toml
from conformance.wire.case import Case

if TYPE_CHECKING:
    from collections.abc import Sequence


def infer(paths: Sequence[str]) -> tuple[str, int, list[Unreadable]]:
    """Return the profile as TOML, the number of exchanges behind it, and what could not be read.

    A rule is needed where it had something to judge: traffic without tools needs no rule of tool calls. Notes are left out.

    Raises:
        UnusableInputError: no exchange was there.
    """
    rules: set[str] = set()
    count, unreadable = 0, []
    for path in find_files(paths):
        for item in read_exchanges(path, named=str(path) in paths):
            if isinstance(item, Unreadable):
                unreadable += [item] if item.passed_over is None else []
                continue
            checked = judge(Case(item)).checked
            count += bool(checked)
            rules |= {rule for rule in checked if RULES[rule].severity.at_least(Severity.WARNING)}
    if not count:
        raise UnusableInputError(
            "no exchange there can be judged", remedy="name recordings that `conformance audit` reads"
        )
    return as_toml(f"The rules that {count} recorded exchanges exercise.", rules), count, unreadable
