"""What asking will take, said before the first request: requests, tokens, money, time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.probes import REASONING_TOKENS, build_request
from conformance.wire.dialects.ask import Composed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from conformance.probes import Probe, Step
    from conformance.providers import Target

_CHARACTERS_A_TOKEN = 4  # what tokenizers average on English and JSON


def plan(chosen: Mapping[Target, Sequence[Probe]], max_requests: int) -> Iterator[str]:
    """Yield a line a target: requests, tokens, USD where the price is known, and the time that pacing takes.

    Retries come on top, within `max_requests`; a last line says where that is less than what is wanted.
    """
    for target, probes in chosen.items():
        requests = sum(probe.max_requests for probe in probes)
        sent = sum(input_tokens(target, probe) for probe in probes)
        output = sum(output_tokens(target, probe) for probe in probes)
        price = target.price
        cost = f"about ${(sent * price.input + output * price.output) / 1e6:.4f}" if price else "price unknown"
        yield (
            f"plan: {target.id}: {len(probes)} probes, up to {requests} requests (--max-requests {max_requests}), "
            f"about {sent} tokens in, up to {output} out, {cost}{_pacing(target, requests)}"
        )
    wanted = sum(probe.max_requests for probes in chosen.values() for probe in probes)
    if wanted > max_requests:
        yield f"plan: --max-requests {max_requests} ends before these {wanted} requests: the last probes are not asked"


def input_tokens(target: Target, probe: Probe) -> int:
    """Estimate the tokens that a probe sends; of a later step, whose history is not known yet, what is written down."""
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
    thinking = sum(step.limited_by_us for step in probe.steps) if "reasoning" in target.capabilities else 0
    return probe.output_tokens + thinking * REASONING_TOKENS


def _pacing(target: Target, requests: int) -> str:
    per_minute = target.provider.limits.get("requests_per_minute")
    if not per_minute or requests <= 1:
        return ""
    return f", {per_minute} requests a minute: about {max(1, round(requests / per_minute))} min"
