"""The one engine: every rule of the table over a case or a session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import conformance.rules  # noqa: F401 - registers the built-in rules
from conformance.rules.folding import consequences, folded
from conformance.rules.schema_findings import schema_findings
from conformance.rules.table import RULES, Finding, Rule
from conformance.schemas.not_judged import NotJudgedError
from conformance.wire.case import Session
from conformance.wire.features import features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conformance.wire.case import Case


#: Rules with their views by dialect, for one table of rules: its ids tell whether it is still the same.
_Dispatch: TypeAlias = tuple[tuple["Rule", "Callable[[Case], Any]"], ...]
_dispatches: dict[tuple[tuple[int, ...], str | None], tuple[tuple[Rule, ...], _Dispatch]] = {}
_KEPT: Final = 64


def _dispatch(ids: tuple[int, ...], dialect: str | None, table: tuple[Rule, ...]) -> _Dispatch:
    """Return the rules that a single exchange of a dialect can be judged by, each with its view: worked out once a table."""
    key = (ids, dialect)
    if key not in _dispatches:
        if len(_dispatches) >= _KEPT:
            _dispatches.clear()
        single = [rule for rule in table if not (rule.over_session or rule.over_target) and rule.speaks(dialect)]
        # The table is kept beside: as long as its rules live, no other rule has their ids.
        _dispatches[key] = (table, tuple((rule, rule.over_single) for rule in single if rule.over_single is not None))
    return _dispatches[key][1]


@dataclass(frozen=True)
class Judgement:
    """What was judged and what was found. A rule in `checked` without a finding is clean; one in neither does not apply.

    `not_judged` holds (rule id, reason) of rules that would have taken too long: they are not in `checked`.
    """

    checked: frozenset[str]
    findings: tuple[Finding, ...]
    not_judged: tuple[tuple[str, str], ...] = ()


def judge(case: Case, rules: Iterable[Rule] | None = None) -> Judgement:
    """Judge one exchange by every rule over an exchange, or by those given."""
    checked: set[str] = set()
    findings: list[Finding] = []
    not_judged: list[tuple[str, str]] = []
    by_schema = case.view(schema_findings)
    table = tuple(RULES.values() if rules is None else rules)
    views, name = case.views, case.exchange.id
    for rule, over in _dispatch(tuple(map(id, table)), case.dialect.name if case.dialect is not None else None, table):
        view = views[over] if over in views else case.view(over)
        if view is None:
            continue
        checked.add(rule.id)
        outcome = rule.check(view)
        if rule.by_schema and rule.id in by_schema:
            by_its_schema = by_schema[rule.id]
            findings.extend([rule.stamped(finding, name) for finding in by_its_schema])
            places = {
                (finding.event, finding.pointer) for finding in by_its_schema
            }  # one violation, however it was found
            outcome = (finding for finding in outcome or () if (finding.event, finding.pointer) not in places)
        if outcome is not None:
            try:
                findings.extend([rule.stamped(finding, name) for finding in outcome])
            except NotJudgedError as error:
                checked.discard(rule.id)
                not_judged.append((rule.id, str(error)))
    if not findings:
        return Judgement(frozenset(checked), (), tuple(not_judged))
    folded_away = consequences(finding.rule for finding in findings)
    kept = folded(finding for finding in findings if finding.rule not in folded_away)
    return Judgement(
        frozenset(checked - folded_away), tuple(_placed(case, finding) for finding in kept), tuple(not_judged)
    )


def judge_session(session: Session, rules: Iterable[Rule] | None = None) -> Judgement:
    """Judge a session by every rule over a session. A finding stands on the exchange that it is about, else on the last one."""
    checked: set[str] = set()
    findings: list[Finding] = []
    for rule in RULES.values() if rules is None else rules:
        if not rule.over_session:
            continue
        view = rule.over(_of_its_dialects(rule, session))
        if view is not None:
            checked.add(rule.id)
            findings.extend(rule.findings(view))
    cases = {case.exchange.id: case for case in session.cases}
    placed = [_placed(cases.get(finding.exchange, session.cases[-1]), finding) for finding in findings]
    return Judgement(frozenset(checked), tuple(folded(placed)))


def _of_its_dialects(rule: Rule, session: Session) -> Session:
    if rule.dialects is None:
        return session
    return Session(tuple(case for case in session.cases if rule.speaks(case.dialect.name if case.dialect else None)))


def _placed(case: Case, finding: Finding) -> Finding:
    """Return a finding, and what is told with it, with the id of its exchange, the answer's status and the request's features."""
    response = case.exchange.response
    return replace(
        finding,
        exchange=finding.exchange or case.exchange.id,
        status=response.status if response is not None else None,
        asks=case.view(_asks),
        repeats=tuple(_placed(case, repeat) for repeat in finding.repeats),
    )


def _asks(case: Case) -> frozenset[str]:
    return frozenset(features(case.exchange.request))
