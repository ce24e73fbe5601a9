"""Every error of the traffic has a class, and every rate-limit header reads."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest

from conformance.knowledge.taxonomy import UNKNOWN, classify
from conformance.knowledge.taxonomy.hints import header_hints
from conformance.recording.importers import read_exchanges
from tests.samples.material import at_hand

if TYPE_CHECKING:
    from conformance.knowledge.taxonomy import ErrorClass
    from conformance.wire.exchange import Exchange
    from tests.samples.material import Material

#: Headers whose names are like those of hints and that state none: what a request costs, which model is meant, whether.
NO_HINTS = re.compile(
    r".*-query-cost|x-ratelimit(-key|-abusepenalty-active)?|x-should-retry|x-max-retry-attempts-reached"
)
#: Values that say themselves that a recorder wrote over them.
WITHHELD = re.compile(r"REDACTED|X?-?[\w-]+-XXX")
#: What varies between two recordings of one error.
VARYING = re.compile(rb'req_\w+|[0-9a-f-]{36}|"id":"[^"]*"')
#: Of each place: errors, different errors, values of headers at least.
LEAST = {"sample": (10, 10, 10), "beside": (513, 218, 270)}
PLACES = pytest.mark.parametrize("material", at_hand("traffic"), ids=str)


@cache
def errors(material: Material) -> list[tuple[Exchange, ErrorClass]]:
    files = sorted((material.traffic / "exchanges").glob("*.jsonl"))
    every = (each for path in files for each in read_exchanges(path))
    answered = (each for each in every if getattr(each, "response", None) is not None)
    return [(each, kind) for each in answered if (kind := classify(each)) is not None]  # type: ignore[misc, arg-type]


@PLACES
def test_every_error_has_a_class(material: Material) -> None:
    assert len(errors(material)) >= LEAST[material.name][0]
    assert [exchange.id for exchange, kind in errors(material) if kind.id == UNKNOWN] == []


@PLACES
def test_most_classes_are_told_by_more_than_the_status(material: Material) -> None:
    distinct = {
        (each.response.status, VARYING.sub(b"#", each.response.body)): kind
        for each, kind in errors(material)
        if each.response
    }
    told = Counter(kind.confidence for kind in distinct.values())
    assert len(distinct) >= LEAST[material.name][1]
    assert told["low"] <= 0.05 * len(distinct)


@pytest.mark.parametrize("material", at_hand("headers"), ids=str)
def test_every_observed_rate_limit_header_reads_or_is_a_named_problem(material: Material) -> None:
    looked, problems = 0, Counter[str]()
    for line in material.headers.read_text("utf-8").splitlines():
        match = re.fullmatch(r"    (\S*(?:ratelimit|retry)\S*) \d+ (\[.*\])", line)
        for value in ast.literal_eval(match[2]) if match else ():
            name = match[1]  # type: ignore[index]
            if NO_HINTS.fullmatch(name) or WITHHELD.fullmatch(value):
                continue
            looked += 1
            (hint,) = header_hints({name: value})
            if hint.problem:
                problems[hint.problem.partition(":")[0]] += 1
            else:
                assert any(each is not None for each in (hint.limit, hint.remaining, hint.seconds)) or "T" in value
    assert looked >= LEAST[material.name][2]
    # The tokens that remain of an unlimited number, which ran over 64 bits.
    assert problems == {"no count": {"sample": 1, "beside": 3}[material.name]}
