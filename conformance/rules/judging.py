"""The one engine: every rule of the table over a case or a session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import conformance.rules  # noqa: F401 - registers the built-in rules
from conformance.rules.folding import consequences, folded
from conformance.rules.schema_findings import schema_findings
from conformance.rules.table import RULES, Finding, Rule
from conformance.wire.case import Session
from conformance.wire.features import features

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.wire.case import Case


@dataclass(frozen=True)
class Judgement:
    """What was judged and what was found. A rule in `checked` without a finding is clean; one in neither does not apply."""

    checked: frozenset[str]
    findings: tuple[Finding, ...]


def judge(case: Case, rules: Iterable[Rule] | None = None) -> Judgement:
    """Judge one exchange by every rule over an exchange, or by those given."""
    checked: set[str] = set()
    findings: list[Finding] = []
    by_schema = case.view(schema_findings)
    dialect = case.dialect.name if case.dialect is not None else None
    for rule in RULES.values() if rules is None else rules:
        if rule.over_session or rule.over_target or not rule.speaks(dialect):
            continue
        view = case.view(rule.over_single) if rule.over_single is not None else None
        if view is None:
            continue
        checked.add(rule.id)
        by_its_schema = by_schema.get(rule.id, []) if rule.by_schema else []
        findings.extend(replace(finding, rule=rule.id, severity=rule.severity) for finding in by_its_schema)
        places = {(finding.event, finding.pointer) for finding in by_its_schema}  # one violation, however it was found
        findings.extend(
            finding for finding in rule.findings(view) if not places or (finding.event, finding.pointer) not in places
        )
    folded_away = consequences(finding.rule for finding in findings)
    kept = [finding for finding in findings if finding.rule not in folded_away]
    return Judgement(frozenset(checked - folded_away), _of(case, kept))


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
    placed = [finding for item in findings for finding in _placed(cases.get(item.exchange, session.cases[-1]), [item])]
    return Judgement(frozenset(checked), tuple(folded(placed)))


def _of_its_dialects(rule: Rule, session: Session) -> Session:
    if rule.dialects is None:
        return session
    return Session(tuple(case for case in session.cases if rule.speaks(case.dialect.name if case.dialect else None)))


def _of(case: Case, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(folded(_placed(case, findings)))


def _placed(case: Case, findings: Iterable[Finding]) -> Iterator[Finding]:
    response = case.exchange.response
    status = response.status if response is not None else None
    for finding in findings:
        exchange = finding.exchange or case.exchange.id
        yield replace(finding, exchange=exchange, status=status, asks=case.view(_asks))


def _asks(case: Case) -> frozenset[str]:
    return frozenset(features(case.exchange.request))
