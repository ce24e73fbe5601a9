"""The functions of the public API that judge: `conformance.judge`, `conformance.audit` and `conformance.grounding`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from conformance.errors import UnusableInputError, suggest
from conformance.knowledge.grounding import judge as judge_answer
from conformance.knowledge.grounding.rows import answer_from, question_from
from conformance.providers import load_providers
from conformance.recording.importers import Unreadable
from conformance.rules import judging
from conformance.rules.table import Severity
from conformance.runs.audit import items_of
from conformance.runs.audit_rows import Row, as_json, unreadable_as_json
from conformance.runs.auditor import AuditSettings
from conformance.schemas.validators import explain
from conformance.wire.case import Case, Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from conformance.knowledge.grounding import Judged
    from conformance.providers import Provider
    from conformance.rules.table import Finding
    from conformance.wire.exchange import Exchange


def judge(subject: Exchange | Case | Session) -> tuple[Finding, ...]:
    """Judge an exchange, a case or a session by every rule that is registered.

    Args:
        subject: an exchange; a case, which keeps what was decoded for the next call; or a session, whose cases are judged
            one by one and then together.

    Returns:
        The findings, each with the id of its rule and of its exchange. An empty tuple says that nothing was found, not that
        anything was checked: an exchange without a known dialect has no findings either.

    Raises:
        Exception: a rule of your own raised it.

    Example:
        >>> from conformance import Exchange, Request, Response, judge
        >>> asked = b'{"model": "m", "messages": [{"role": "user", "content": "Hi"}]}'
        >>> request = Request("POST", "https://llm.example/v1/chat/completions", body=asked)
        >>> answer = Response(200, {"content-type": "application/json"}, b'{"object": "chat.completion"}')
        >>> sorted(finding.rule for finding in judge(Exchange("x1", request, answer)))
        ['chunk.choices_required', 'error.status_nonsuccess']
    """
    if isinstance(subject, Session):
        alone = (finding for case in subject.cases for finding in judging.judge(case).findings)
        return (*alone, *judging.judge_session(subject).findings)
    return judging.judge(subject if isinstance(subject, Case) else Case(subject)).findings


def audit(
    *paths: str | Path,
    provider: str | None = None,
    providers: Mapping[str, Provider] | None = None,
    as_of: date | None = None,
) -> Iterator[dict[str, Any]]:
    """Judge recorded traffic of any tool, file by file.

    Args:
        *paths: files, and folders that are walked: vcrpy, Ruby VCR, HAR and exchange JSONL, gzipped or not.
        provider: whose traffic it is; by default what an exchange says, else whose host was asked.
        providers: all providers by name; by default the built-in ones.
        as_of: the date that deviations are held against where an exchange has none; by default today.

    Yields:
        One mapping an exchange, in input order, as `conformance audit --format jsonl` prints it (schemas/audit-line.json).
        An entry that cannot be read is a mapping with `error`.

    Raises:
        UnusableInputError: the provider is unknown.

    Example:
        >>> from conformance import audit
        >>> for line in audit("no-such-file.jsonl"):
        ...     print(line["error"])
        no-such-file.jsonl: cannot be read: No such file or directory
    """
    known = load_providers() if providers is None else providers
    if provider is not None and provider not in known:
        raise UnusableInputError(f"provider {provider!r} is unknown", remedy=suggest(provider, known))
    day = datetime.now(UTC).date() if as_of is None else as_of
    for item in items_of(paths, AuditSettings(Severity.ERROR, day, known, provider, strict=True)):
        if isinstance(item, Row):
            yield as_json(item)
        elif isinstance(item, Unreadable):
            yield unreadable_as_json(item)


def grounding(row: Mapping[str, Any]) -> Judged:
    """Label an answer to a prompt that carries a URL: made up, disclosed, grounded or called. Offline, without a model.

    Args:
        row: `prompt` and `response`, and optionally `url` and `context`, as a line of `conformance grounding` has them
            (schemas/grounding-row.json).

    Returns:
        The judgement: `label`, `disclosed` (the answer admits that the page was not seen), `confidence` in [0, 1], `unsure`,
        and `evidence`, the pieces of the answer that speak for the label, by offset.

    Raises:
        UnusableInputError: the row does not have the form of the schema.

    Example:
        >>> from conformance import grounding
        >>> judged = grounding({"prompt": "Sum up https://example.com/a", "response": "I cannot open web pages."})
        >>> judged.label.value, judged.disclosed
        ('ABSTAINED', True)
    """
    problem = explain("grounding-row", {"id": "row", **row})
    if problem is not None:
        raise UnusableInputError(problem, where="the row", remedy="see schemas/grounding-row.json")
    return judge_answer(question_from(dict(row)), answer_from(row["response"]))
