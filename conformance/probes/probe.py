"""What a probe is: a request or a short conversation, made to provoke behaviour."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from conformance.decoys import NO_SUCH_MODEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

CHAT_PATH = "chat/completions"
#: Parameters that limit the output; the dialect renamed the first to the second (openai 3.52.0's types, read 2026-11-21).
LIMITS = ("max_tokens", "max_completion_tokens")
DEFAULT_MAX_OUTPUT = 64
#: The kinds of answer that a probe can ask for.
Expects: TypeAlias = Literal["completion", "listing", "refusal"]


class Expected(NamedTuple):
    """The kind of answer that a step asks for. `deserved` are the error classes of access that it brings upon itself."""

    kind: Expects
    deserved: frozenset[str] = frozenset()


#: Rules that requests provoke which deserve a refusal, beside error.*.
_ON_REFUSALS = frozenset({"params.invalid_refused", "http.error_content_type", "model.echo_served"})
_KEY_REFUSED = frozenset({"bad_key", "no_key", "no_permission"})
_MODEL_REFUSED = frozenset({"unknown_model", "retired_model", "no_permission"})


@dataclass(frozen=True)
class Step:
    """One request of a probe, with the placeholders still in it. `max_output` is in tokens."""

    method: Literal["POST", "GET"] = "POST"
    path: str = CHAT_PATH
    auth: Literal["key", "none", "invalid"] = "key"
    body: Mapping[str, Any] | None = field(default=None, hash=False)
    raw_body: str | None = None
    content_type: str = "application/json"
    max_output: int | None = DEFAULT_MAX_OUTPUT
    greedy: bool = False

    @property
    def deserved(self) -> frozenset[str]:
        """The error classes of access that the step brings upon itself: its key or its model is none."""
        if self.auth != "key":
            return _KEY_REFUSED
        strange = self.body is not None and self.body.get("model") is not None
        return _MODEL_REFUSED if strange or NO_SUCH_MODEL in self.path else frozenset()

    @property
    def limited_by_us(self) -> bool:
        """Whether `max_output` goes into the body: the probe is not about limits itself."""
        body = self.body
        return body is not None and self.path == CHAT_PATH and not any(name in body for name in LIMITS)

    @property
    def output_tokens(self) -> int:
        """The most output tokens that the request allows, over all choices; 0 where it asks for no completion."""
        body = self.body or {}
        stated = next((body[name] for name in LIMITS if isinstance(body.get(name), int)), None)
        limit = stated if stated is not None else (self.max_output if self.limited_by_us else 0)
        choices = body.get("n")
        return max(limit or 0, 0) * (choices if isinstance(choices, int) and choices > 0 else 1)

    @property
    def parameters(self) -> frozenset[str]:
        """The request parameters that the probe itself sends, members of objects as `stream_options.include_usage`."""
        return frozenset(_parameters(self.body or {}))


@dataclass(frozen=True)
class Probe:
    """One thing we ask. `hash` changes exactly when what is asked does; `provokes` is as written, `subject.*` included.

    `keyword` is the JSON Schema keyword whose enforcement its answer shows, if it is such a probe.
    """

    name: str
    does: str
    dialect: str
    needs: tuple[str, ...]
    provokes: tuple[str, ...]
    steps: tuple[Step, ...]
    file: Path
    hash: str
    keyword: str | None = None
    expects: Expects | None = None  # as written; without it `expected` derives it

    def expected(self, number: int) -> Expected:
        """Return the kind of answer that a step asks for: as written, or a refusal where only errors are provoked, else by its method."""
        step = self.steps[min(number, len(self.steps) - 1)]
        about_errors = all(entry.startswith("error.") or entry in _ON_REFUSALS for entry in self.provokes)
        provoking = step.raw_body is not None or (about_errors and bool(self.provokes))
        derived: Expects = "listing" if step.method == "GET" else "completion"
        kind: Expects = self.expects or ("refusal" if provoking or step.deserved else derived)
        return Expected(kind, step.deserved if kind == "refusal" else frozenset())

    def provoked(self, rules: Iterable[str]) -> frozenset[str]:
        """Return those of `rules` that this probe provokes."""
        subjects = {entry.removesuffix(".*") for entry in self.provokes if entry.endswith(".*")}
        return frozenset(rule for rule in rules if rule in self.provokes or rule.partition(".")[0] in subjects)

    @property
    def max_requests(self) -> int:
        """The most requests that it sends, retries aside."""
        return len(self.steps)

    @property
    def output_tokens(self) -> int:
        """The most output tokens that it allows; a reasoning model gets more (see `build.REASONING_TOKENS`)."""
        return sum(step.output_tokens for step in self.steps)

    @property
    def parameters(self) -> frozenset[str]:
        """The request parameters that it cannot do without."""
        return frozenset().union(*(step.parameters for step in self.steps))


def hash_of(dialect: str, steps: Iterable[Step]) -> str:
    """Return 16 hex digits over what is asked, defaults filled in."""
    asked = [{name: getattr(step, name) for name in Step.__dataclass_fields__} for step in steps]
    text = json.dumps({"dialect": dialect, "steps": asked}, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:16]


def _parameters(body: Mapping[str, Any]) -> Iterator[str]:
    for name, value in body.items():
        yield name
        if isinstance(value, dict):
            yield from (f"{name}.{member}" for member in value)
