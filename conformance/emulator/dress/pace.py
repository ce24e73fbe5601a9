"""How long an answer takes, as the TOML's `[timing]` says: the waits of the emulator, and the times that it states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

    from conformance.providers.answer_shape import Pace


@dataclass(frozen=True)
class Waits:
    """Seconds: waiting, reading the prompt, and one output token."""

    queue: float
    prompt: float
    token: float

    def stated(self, tokens: int) -> dict[str, float]:
        """Return the placeholders of an answer of that many output tokens."""
        completion = round(tokens * self.token, 9)
        return {
            "queue_time": round(self.queue, 9),
            "prompt_time": round(self.prompt, 9),
            "completion_time": completion,
            "total_time": round(self.prompt + completion, 9),
            "ttft": round(self.queue + self.prompt, 9),
            "tps": round(1 / self.token, 3),
        }


def waits(pace: Pace, rng: Random) -> Waits:
    """Return the waits of one answer. `ttft` counts from the request: the queue is a part of it."""
    prompt = max(pace.ttft - pace.queue, 0.0)
    return Waits(pace.queue * jitter(pace, rng), prompt * jitter(pace, rng), jitter(pace, rng) / pace.tps)


def jitter(pace: Pace, rng: Random) -> float:
    """Return a lognormal factor with median 1."""
    return rng.lognormvariate(0.0, pace.jitter) if pace.jitter else 1.0
