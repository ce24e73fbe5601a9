"""The figures of one streamed exchange, computed from its recorded arrivals and never stored. Seconds, on one monotonic clock."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from conformance.knowledge.latency.server_times import server_times
from conformance.wire.exchange import CLAIM

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Choice, Reply
    from conformance.wire.exchange import Timing

#: Where the number of output tokens came from.
TokenSource: TypeAlias = Literal["usage", "chunks"]

#: Gaps below this came out of one read, or of two that the kernel had already joined.
_COALESCED: Final = 50e-6
_BUFFERED_SHARE: Final = 0.3
_FEWEST_GAPS: Final = 8


@dataclass(frozen=True)
class Metrics:
    """One exchange's figures. None stands for a figure that the answer does not show.

    `ttft_any` is the time from sending the request on a warm connection to the first non-empty piece of generated output of
    any kind (reasoning, content, tool call); `ttft_visible` to the first that a reader sees (content, tool call): never to
    headers, a role, an empty delta or a comment. `last` is when the last output came, not the usage chunk or [DONE].
    `connect` and `tls` stand apart: they belong to the connection, and are the instants that `Timing` defines. `output_tokens`
    include reasoning; `token_source` names where they came from (pieces are counted where no usage came: a lower bound, for a
    piece may hold several tokens). `provider_time` is what the server says that it took, where it says so: the rest is network
    and gateway.
    """

    ttft_any: float | None
    ttft_visible: float | None
    last: float | None
    e2e: float
    gaps: tuple[float, ...]
    pieces: int
    output_tokens: int | None
    token_source: TokenSource
    first_tokens: float
    cached_tokens: int | None
    connect: float | None
    tls: float | None
    provider_ttft: float | None = None
    provider_time: float | None = None

    @cached_property
    def buffered(self) -> bool:
        """Return True if the pieces came in bursts: the gaps then measure a buffer on the way, and are worth nothing."""
        joined = sum(gap < _COALESCED for gap in self.gaps)
        return len(self.gaps) >= _FEWEST_GAPS and joined > _BUFFERED_SHARE * len(self.gaps)

    @property
    def tpot(self) -> float | None:
        """Time per output token: from the first output to the last, over the tokens after the first piece."""
        tokens = (self.output_tokens or 0) - self.first_tokens
        if self.buffered or self.ttft_any is None or self.last is None or self.last <= self.ttft_any or tokens < 1:
            return None
        return (self.last - self.ttft_any) / tokens

    @property
    def tps_user(self) -> float | None:
        """Output tokens per second that one reader sees once output flows: 1 / TPOT."""
        return 1 / self.tpot if self.tpot else None

    @property
    def tps(self) -> float | None:
        """Output tokens per second of the whole request, the wait included."""
        return self.output_tokens / self.e2e if self.output_tokens and self.e2e > 0 else None

    def gap(self, percentile: float) -> float | None:
        """Return a percentile of the gaps between reads with output (100: the longest); None where the stream was buffered."""
        return float(np.percentile(self.gaps, percentile)) if self.gaps and not self.buffered else None


def measure(case: Case) -> Metrics | None:
    """Return a streamed completion's figures; None without recorded arrivals, without output, on emulated evidence or a claim of it.

    A replay and an emulator keep a provider's pace, but have no latency of a provider.
    """
    exchange, reply, timing = case.exchange, case.reply, case.exchange.timing
    if (
        exchange.evidence == "emulated"
        or CLAIM in exchange.meta
        or timing is None
        or not timing.chunks
        or timing.end is None
    ):
        return None
    if not reply.streamed or not reply.succeeded:
        return None
    zero = _sent(timing)
    seen, thought = _arrivals(reply, visible=True), _arrivals(reply, visible=False)
    outputs = sorted(seen + thought)
    if not outputs:
        return None
    reads = sorted(dict.fromkeys(outputs))
    usage = next((report.value for report in reversed(reply.usages) if isinstance(report.value, dict)), {})
    tokens = _count(usage.get("completion_tokens"))
    details = usage.get("prompt_tokens_details")
    provider_ttft, provider_time = server_times(reply)
    return Metrics(
        ttft_any=outputs[0] - zero,
        ttft_visible=min(seen) - zero if seen else None,
        last=outputs[-1] - zero,
        e2e=timing.end - zero,
        gaps=tuple(after - before for before, after in itertools.pairwise(outputs)),
        pieces=len(outputs),
        output_tokens=tokens if tokens is not None else len(outputs),
        token_source="usage" if tokens is not None else "chunks",
        first_tokens=max(1.0, (tokens or 0) * outputs.count(reads[0]) / len(outputs)),
        cached_tokens=_count(details.get("cached_tokens")) if isinstance(details, dict) else None,
        connect=timing.connect,
        tls=timing.tls,
        provider_ttft=provider_ttft,
        provider_time=provider_time,
    )


def _sent(timing: Timing) -> float:
    """The instant at which the request was written: connecting is reported apart."""
    return timing.sent or 0.0


def _arrivals(reply: Reply, *, visible: bool) -> list[float]:
    """Return the arrival of each non-empty piece of output: visible text, or reasoning."""
    pieces = (event for choice in reply.choices for event in (_seen(choice) if visible else _thought(choice)))
    arrivals = (reply.arrival(event) for event in pieces if event is not None)
    return [arrival for arrival in arrivals if arrival is not None]


def _seen(choice: Choice) -> list[int | None]:
    calls = [part.event for call in choice.tool_calls for part in call.fragments]
    return [event for event, text in choice.texts if text] + calls


def _thought(choice: Choice) -> list[int | None]:
    return [event for event, text in choice.reasoned if text]


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
