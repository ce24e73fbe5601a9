"""What becomes of the same question on both sides: answered, refused, or refused otherwise; capabilities and parameters that are lost."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.redaction import redact_text
from conformance.rules.table import Severity
from conformance.runs.upgrade.wire import shown_json
from conformance.verdicts.comparison import Change, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.runs.upgrade.material import Material, Sample
    from conformance.wire.case import Case

_FAILED: Final = 400  # RFC 9110 15.5: from here on a status says that the request failed
_NAMED: Final = 5
_SEVERITY_OF_HANDLING: Final = {"refused": Severity.ERROR, "ignored": Severity.WARNING, "unknown": Severity.WARNING}


def answer_changes(a: Material, b: Material, explained: Iterable[str]) -> list[Change]:
    """Compare what became of the questions that both sides were asked.

    Args:
        a: the side in use.
        b: the side that is looked at.
        explained: the probes whose refusal a newly broken rule tells already.
    """
    shared = [name for name in a.samples if name in b.samples] if a.paired and b.paired else []
    known = set(explained)
    return [
        *_refused(a, b, [name for name in shared if name not in known]),
        *_statuses(a, b, shared),
        *_capabilities(a, b),
        *_parameters(a, b),
        *_protocol(a, b),
        *_keywords(a, b),
    ]


def _refused(a: Material, b: Material, names: list[str]) -> Iterator[Change]:
    """Yield what B does not take and A does, and the other way round."""
    for sides, kind, severity in (((a, b), Kind.CHANGED, Severity.ERROR), ((b, a), Kind.MENDED, Severity.NOTE)):
        takes, refuses = sides
        probes = [
            name
            for name in names
            if refuses.samples[name].refused and _failure(refuses.samples[name]) and _is_good(takes.samples[name])
        ]
        groups: dict[str, list[str]] = defaultdict(list)
        for name in probes:
            groups[" + ".join(refuses.samples[name].needs) or "chat"].append(name)
        for capability, group in groups.items():
            first = refuses.samples[group[0]].cases[-1]
            status = first.exchange.response.status if first.exchange.response else None
            who = "B" if refuses is b else "A"
            yield Change(
                about="answer",
                id=f"answer.refused {capability}",
                kind=kind,
                severity=severity,
                title=f"{who} refuses (status {status}) what the other side answers: {_some(group)}",
                breaks_if=f"sends such requests: {_some(group)}",
                capability=capability,
                evidence=_evidence(first),
                before=_words(a.samples[group[0]]),
                after=_words(b.samples[group[0]]),
                diff=(f"- A  {_words(a.samples[group[0]])}", f"+ B  {_words(b.samples[group[0]])}"),
                probes=tuple(group),
            )


def _statuses(a: Material, b: Material, names: list[str]) -> Iterator[Change]:
    """Yield failures that both sides report with another status."""
    groups: dict[tuple[int, int], list[str]] = defaultdict(list)
    for name in names:
        before, after = _failure(a.samples[name]), _failure(b.samples[name])
        if before is not None and after is not None and before != after:
            groups[before, after].append(name)
    for (before, after), group in groups.items():
        yield Change(
            about="answer",
            id=f"answer.status {before} to {after}",
            kind=Kind.CHANGED,
            severity=Severity.WARNING,
            title=f"status {after}, not {before}, for {_some(group)}",
            breaks_if=f"decides by status {before} what to do",
            capability="errors",
            evidence=_evidence(b.samples[group[0]].cases[-1]),
            before=f"status {before}",
            after=f"status {after}",
            diff=(f"- A  {_words(a.samples[group[0]])}", f"+ B  {_words(b.samples[group[0]])}"),
            probes=tuple(group),
        )


def _capabilities(a: Material, b: Material) -> Iterator[Change]:
    """Yield the capabilities that A's target has and B's has not, by their TOML files; of an unlisted model they are not known."""
    if a.target is None or b.target is None or a.target.known is None or b.target.known is None:
        return
    for name in sorted(a.target.capabilities - b.target.capabilities):
        lost = [probe for probe, why in b.out_of_reach.items() if f"capability {name}," in why]
        yield Change(
            about="capability",
            id=f"capability.lost {name}",
            kind=Kind.CHANGED,
            severity=Severity.ERROR,
            title=f"B does not have the capability {name}",
            breaks_if=f"uses {name}",
            capability=name,
            evidence="documented",
            before=f"{a.target.id} has it ({a.target.provider.file.name})",
            after=f"{b.target.id} does not list it ({b.target.provider.file.name})",
            probes=tuple(lost),
        )
    for name in sorted(b.target.capabilities - a.target.capabilities):
        yield Change(
            about="capability",
            id=f"capability.gained {name}",
            kind=Kind.CHANGED,
            severity=Severity.NOTE,
            title=f"B has the capability {name}, A has not",
            capability=name,
            evidence="documented",
        )


def _parameters(a: Material, b: Material) -> Iterator[Change]:
    """Yield the parameters that A's recorded requests send and B's TOML says it does not take."""
    if a.target is None or b.target is None or a.target.dialect != b.target.dialect:
        return
    lost = b.target.unsupported_params - a.target.unsupported_params
    sent = {name for case in a.cases if _is_success(case) for name in case.exchange.request.json}
    handling = b.target.provider.params.handling
    for name in sorted(lost & sent):
        yield Change(
            about="capability",
            id=f"params.lost {name}",
            kind=Kind.CHANGED,
            severity=_SEVERITY_OF_HANDLING[handling],
            title=f"B does not take the parameter {name} ({handling})",
            breaks_if=f"sends {name}",
            capability=name,
            evidence="documented",
            before="A's requests send it",
            after=f"{handling}, by {b.target.provider.file.name}",
        )


def _protocol(a: Material, b: Material) -> Iterator[Change]:
    if a.side.dialect and b.side.dialect and a.side.dialect != b.side.dialect:
        yield Change(
            about="protocol",
            id="protocol.changed",
            kind=Kind.CHANGED,
            severity=Severity.WARNING,
            title=f"the protocol is another one: {b.side.dialect}, not {a.side.dialect}",
            breaks_if=f"speaks {a.side.dialect} and is not changed to speak {b.side.dialect}",
            evidence="documented",
            before=a.side.dialect,
            after=b.side.dialect,
        )


def _keywords(a: Material, b: Material) -> Iterator[Change]:
    """Yield the JSON Schema keywords of structured output that A enforces and B ignores or refuses."""
    for after, severity in (("refused", Severity.ERROR), ("ignored", Severity.WARNING)):
        lost = [name for name, before in a.keywords.items() if before == "enforced" and b.keywords.get(name) == after]
        if lost:
            yield Change(
                about="capability",
                id=f"keyword.{after} {', '.join(lost)}",
                kind=Kind.CHANGED,
                severity=severity,
                title=f"structured output: {after} by B, enforced by A: {_some(lost)}",
                breaks_if=f"relies on these keywords in a response schema: {', '.join(lost)}",
                capability="json_schema",
                evidence="recorded",
                before="enforced",
                after=after,
            )


def _is_good(sample: Sample) -> bool:
    return not sample.unusable and all(_is_success(case) for case in sample.cases)


def _is_success(case: Case) -> bool:
    response = case.exchange.response
    return response is not None and response.status is not None and response.status < _FAILED


def _failure(sample: Sample) -> int | None:
    """Return the status of a failure that was provoked on purpose, or else of a refusal; None where the last answer is neither."""
    response = sample.cases[-1].exchange.response if sample.cases else None
    if response is None or response.status is None or (sample.unusable and not sample.refused):
        return None
    return response.status if response.status >= _FAILED else None


def _words(sample: Sample) -> str:
    response = sample.cases[-1].exchange.response if sample.cases else None
    if response is None:
        return "no answer"
    value: Any = response.document.value
    body = (
        shown_json(value)
        if isinstance(value, dict | list)
        else shown_json(response.body[:200].decode("utf-8", "replace"))
    )
    return redact_text(f"{response.status} {body}")


def _evidence(case: Case) -> str:
    return case.exchange.evidence


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if names[_NAMED:] else ""
    return ", ".join(names[:_NAMED]) + more
