"""A deviation excuses no more than its reason: drawn findings of its rule, but of another kind, stay findings."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from conformance.providers import load_providers
from conformance.wire.case import Case
from tests.kinds.table import ALL
from tests.mutation.judging import findings

if TYPE_CHECKING:
    from conformance.providers.provider import Deviation
    from conformance.rules.table import Finding

SHIPPED = {
    f"{deviation.file.stem if deviation.file else ''}-{deviation.ordinal}-{deviation.rule}": deviation
    for provider in load_providers().values()
    for deviation in provider.deviations
}
DEVIATIONS = pytest.mark.parametrize("deviation", SHIPPED.values(), ids=SHIPPED)
_UNUSED = 599
DIALECT = "openai-chat"  # in which a deviation that names none is drawn


@dataclass(frozen=True)
class Drawn:
    """A finding, as far as a deviation is held against it."""

    rule: str
    pointer: str
    message: str
    status: int | None
    asks: frozenset[str]
    repeats: tuple[Drawn, ...] = ()


def _text(pattern: str) -> str:
    """Return a text that an fnmatch pattern matches."""
    return re.sub(r"\[([^\]])[^\]]*\]", r"\1", pattern).replace("*", "0").replace("?", "[")


def _own(deviation: Deviation) -> tuple[Drawn, str]:
    """Return a finding that a deviation covers by every limit that it states, and the probe."""
    message = _text(deviation.message[0]) if deviation.message else "is wrong"
    status = deviation.statuses[0] if deviation.statuses else 400
    drawn = Drawn(deviation.rule, _text(deviation.pointer or "/a"), message, status, frozenset(deviation.asks))
    return drawn, _text(deviation.probes[0]) if deviation.probes else "any"


@DEVIATIONS
def test_a_finding_outside_of_one_stated_limit_stays_a_finding(deviation: Deviation) -> None:
    own, probe = _own(deviation)
    assert deviation.covers(own, probe)
    others = [replace(own, rule="another.rule"), replace(own, repeats=(replace(own, rule="another.rule"),))]
    others += [replace(own, status=_UNUSED)] if deviation.statuses else []
    others += [replace(own, pointer="/elsewhere")] if deviation.pointer else []
    others += [replace(own, message="it broke in a way that nobody knows")] if deviation.message else []
    others += [replace(own, asks=frozenset())] if deviation.asks else []
    assert [other for other in others if deviation.covers(other, probe)] == []
    assert not deviation.probes or not deviation.covers(own, "another probe")
    assert not deviation.models or not deviation.applies_to("no-such-model", deviation.dialect or "openai-chat")
    assert deviation.dialect is None or not deviation.applies_to("m", "another-dialect")


@cache
def _drawn() -> dict[str, set[tuple[str, Finding]]]:
    """Return the findings of every kind's variants by rule and dialect, each with its form: the message without values and places."""
    result: dict[str, set[tuple[str, Finding]]] = defaultdict(set)
    for item in ALL:
        for conversation in item.variants.values():
            dialect = Case(conversation[-1]).dialect
            for finding in findings(conversation):
                form = re.sub(r"'[^']*'|\"[^\"]*\"|\d+", "#", f"{finding.received}".split("(")[0].strip())
                result[f"{finding.rule} {dialect.name if dialect else None}"].add((form, finding))
    return result


@DEVIATIONS
def test_findings_of_other_kinds_are_not_excused(deviation: Deviation) -> None:
    """Of the findings that were drawn, a deviation without a model covers those of one form and one place at most."""
    if deviation.models or deviation.probes:
        pytest.skip("a model's or a probe's own: others are not excused")
    covered = {
        (form, re.sub(r"\d+", "#", finding.pointer).replace("/delta", "/message"))
        for form, finding in _drawn()[f"{deviation.rule} {deviation.dialect or DIALECT}"]
        if deviation.covers(finding, None)
    }
    assert len(covered) <= max(1, len(deviation.message)), sorted(covered)
