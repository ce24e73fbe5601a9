"""The one engine: every rule of the table over a case or a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import conformance.rules  # noqa: F401 - registers the built-in rules
from conformance.rules.folding import consequences, folded
from conformance.rules.schema_findings import schema_findings
from conformance.rules.table import RULES, Finding, Rule
from conformance.schemas.not_judged import NotJudgedError
from conformance.wire.case import Session
from conformance.wire.features import features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.wire.case import Case
    from conformance.wire.dialects.families import Dialects


class _OverView(NamedTuple):
    """A view, and the rules over it with their places in the table; and the ids of those rules."""

    build: Callable[[Case], Any]
    rules: list[tuple[int, Rule, Callable[[Any], Any]]]
    ids: list[str]


class _Dispatch:
    """The rules of one table by dialect and view: what does not apply to an exchange is passed over a view at a time."""

    def __init__(self, table: tuple[Rule, ...]) -> None:
        self.table = table
        self.over_sessions = [rule for rule in table if rule.over_session]
        self._by_dialect: dict[str | None, list[_OverView]] = {}

    def of(self, dialect: str | None) -> list[_OverView]:
        """Return the views that a single exchange of a dialect can be judged by."""
        if dialect not in self._by_dialect:
            by_view: dict[Callable[[Case], Any], list[tuple[int, Rule, Callable[[Any], Any]]]] = {}
            for place, rule in enumerate(self.table):
                if (
                    rule.over_single is not None
                    and not (rule.over_session or rule.over_target)
                    and rule.speaks(dialect)
                ):
                    by_view.setdefault(rule.over_single, []).append((place, rule, rule.check))
            self._by_dialect[dialect] = [
                _OverView(build, rules, [rule.id for _, rule, _ in rules]) for build, rules in by_view.items()
            ]
        return self._by_dialect[dialect]


_dispatches: list[_Dispatch] = []
_KEPT: Final = 16


def _dispatch(rules: Iterable[Rule] | None) -> _Dispatch:
    """Return what is worked out once a table; few are used in a process, and most often the last one again."""
    table = tuple(RULES.values() if rules is None else rules)
    for known in reversed(_dispatches):
        if known.table == table:
            return known
    del _dispatches[: 1 - _KEPT]
    _dispatches.append(_Dispatch(table))
    return _dispatches[-1]


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
    found: list[tuple[int, Rule, list[Finding]]] = []
    not_judged: list[tuple[str, str]] = []
    by_schema = case.view(schema_findings)
    views = case.views
    for build, over_view, ids in _dispatch(rules).of(case.dialect.name if case.dialect is not None else None):
        if build in views:
            view = views[build]
        else:
            view = views[build] = build(case)
        if view is None:
            continue
        checked.update(ids)
        for place, rule, check in over_view:
            outcome = check(view)
            if by_schema and rule.by_schema and rule.id in by_schema:
                found.append((place, rule, by_schema[rule.id]))
                outcome = _others(outcome or (), by_schema[rule.id])
            if outcome is not None:
                try:
                    own = list(outcome)
                except NotJudgedError as error:
                    checked.discard(rule.id)
                    not_judged.append((rule.id, str(error)))
                    continue
                if own:
                    found.append((place, rule, own))
    if not found:
        return Judgement(frozenset(checked), (), tuple(not_judged))
    found.sort(key=_place)
    name = case.exchange.id
    findings = [rule.stamped(finding, name) for _, rule, its in found for finding in its]
    folded_away = consequences(finding.rule for finding in findings)
    kept = folded(finding for finding in findings if finding.rule not in folded_away)
    return Judgement(
        frozenset(checked - folded_away), tuple(_placed(case, finding) for finding in kept), tuple(not_judged)
    )


def _others(findings: Iterable[Finding], stated: list[Finding]) -> Iterator[Finding]:
    """Yield the findings but those that a schema states too: one violation, however it was found."""
    places = {(finding.event, finding.pointer) for finding in stated}
    return (finding for finding in findings if (finding.event, finding.pointer) not in places)


def _place(found: tuple[int, Rule, list[Finding]]) -> int:
    return found[0]


def judge_session(session: Session, rules: Iterable[Rule] | None = None) -> Judgement:
    """Judge a session by every rule over a session. A finding stands on the exchange that it is about, else on the last one."""
    checked: set[str] = set()
    findings: list[Finding] = []
    parts: dict[Dialects, Session] = {}
    for rule in _dispatch(rules).over_sessions:
        if rule.dialects not in parts:
            parts[rule.dialects] = _of_its_dialects(rule, session)
        view = rule.over(parts[rule.dialects])
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
    members = (finding.pointer, finding.received, finding.expected, finding.event, finding.rule, finding.severity)
    return Finding(
        *members,
        exchange=finding.exchange or case.exchange.id,
        status=response.status if response is not None else None,
        asks=case.view(_asks),
        repeats=tuple([_placed(case, repeat) for repeat in finding.repeats]) if finding.repeats else (),
    )


def _asks(case: Case) -> frozenset[str]:
    return frozenset(features(case.exchange.request))
