"""The plan of a live run, printed before the first request: requests, tokens, money, time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.errors import counted
from conformance.probes import REASONING_TOKENS, build_request
from conformance.wire.dialects import dialect_named
from conformance.wire.dialects.ask import Ask, Composed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.probes import Probe, Step
    from conformance.providers import Target

_CHARACTERS_A_TOKEN = 4  # what tokenizers average on English and JSON


def plan(chosen: Mapping[Target, Sequence[Probe]], max_requests: int) -> Iterator[str]:
    """Yield one line for each target: requests, tokens, USD where the price is known, and the time that pacing takes.

    Retries come on top, within `max_requests`; a last line says where the budget is smaller than the plan.
    """
    for target, probes in chosen.items():
        requests = sum(probe.max_requests for probe in probes)
        sent = sum(input_tokens(target, probe) for probe in probes)
        output = sum(output_tokens(target, probe) for probe in probes)
        what = f"{target.id}: {counted(len(probes), 'probe')}, up to"
        yield line(target, what, requests=requests, max_requests=max_requests, sent=sent, output=output)
    wanted = sum(probe.max_requests for probes in chosen.values() for probe in probes)
    if wanted > max_requests:
        yield f"plan: --max-requests {max_requests} ends before these {wanted} requests: the last probes are not asked"


def line(target: Target, what: str, *, requests: int, max_requests: int, sent: int, output: int) -> str:
    """Return the line of a plan, of probes or of latency runs.

    Args:
        target: whom to ask: its price and its pace.
        what: who is asked what, ahead of the number of requests.
        requests: how many at most.
        max_requests: the run's bound.
        sent: input tokens of all requests, estimated.
        output: output tokens of all requests, at most and with reasoning.
    """
    price = target.price
    cost = f"about ${(sent * price.input + output * price.output) / 1e6:.4f}" if price else "price unknown"
    return (
        f"plan: {what} {counted(requests, 'request')} (--max-requests {max_requests}), "
        f"about {sent} tokens in, up to {output} out, {cost}{_pacing(target, requests)}"
    )


def with_reasoning(target: Target, output: int, answers: int) -> int:
    """Return the output tokens of answers that we limit: a reasoning model writes its thoughts on top of `output`."""
    return output + (answers * REASONING_TOKENS if "reasoning" in target.capabilities else 0)


def input_tokens(target: Target, probe: Probe) -> int:
    """Estimate the tokens that a probe sends. A later step counts only its written part: its history is not known yet."""
    total = 0
    for step in probe.steps:
        request = build_request(step, target, "", {})
        sent = len(_template(target, step)) if isinstance(request, str) else len(request.body)
        total += sent // _CHARACTERS_A_TOKEN
    return total


def _template(target: Target, step: Step) -> str:
    composed = step.composed(target.dialect)
    return str(composed.body or "") if isinstance(composed, Composed) else ""


def output_tokens(target: Target, probe: Probe) -> int:
    """Return the most tokens that a probe lets the target write, its reasoning included."""
    allowed = sum(_allowed(target, step) for step in probe.steps)
    return with_reasoning(target, allowed, sum(step.limited_by_us for step in probe.steps))


def _allowed(target: Target, step: Step) -> int:
    """Return the output that a step allows as the dialect writes it: some take no small limit."""
    dialect = dialect_named(target.dialect)
    composed = dialect.compose(Ask(max_tokens=step.output_tokens), None)
    if not step.output_tokens or not dialect.limits or not isinstance(composed, Composed):
        return step.output_tokens
    written = (composed.body or {}).get(dialect.limits[0])
    return max(step.output_tokens, written if isinstance(written, int) else 0)


def _pacing(target: Target, requests: int) -> str:
    per_minute = target.provider.limits.get("requests_per_minute")
    if not per_minute or requests <= 1:
        return ""
    return f", {counted(per_minute, 'request')} a minute: about {max(1, round(requests / per_minute))} min"
