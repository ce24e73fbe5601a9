"""A probe: a request or a short conversation, made to provoke behaviour."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from conformance.knowledge.usability import Expected
from conformance.probes.asks import read_ask
from conformance.wire.dialects import DEFAULT_DIALECT, dialect_named
from conformance.wire.dialects.ask import Ask, Composed, NotSayable
from conformance.wire.sentinels import NO_SUCH_MODEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from conformance.knowledge.usability import Expects

DEFAULT_MAX_OUTPUT = 64
#: In a step's path: the path that its dialect composes, and the id of the answer of the first step.
OWN_PATH = "{path}"
FIRST_ID = "{$id}"
_HASHED = ("method", "path", "auth", "body", "raw_body", "content_type", "max_output", "greedy")
#: Rules that requests provoke which deserve a refusal, beside error.*.
_ON_REFUSALS = frozenset({"params.invalid_refused", "http.error_content_type", "model.echo_served"})
_KEY_REFUSED = frozenset({"bad_key", "no_key", "no_permission"})
_MODEL_REFUSED = frozenset({"unknown_model", "retired_model", "no_permission"})


@dataclass(frozen=True)
class Step:
    """One request of a probe, with the placeholders still in it. `max_output` is in tokens.

    `polls` is how often the last step is sent at most, until its answer is one that has ended.

    It says what is asked in terms of no dialect (`ask`: as YAML has it, or read already), or writes the request itself (`body`,
    `raw_body`) in `dialect`. `path` stands below the base URL; `{path}` in it is what the dialect composes, `{model}` the target's model,
    `{$id}` the id of the first step's answer.
    """

    method: Literal["POST", "GET"] = "POST"
    path: str = OWN_PATH
    auth: Literal["key", "none", "invalid"] = "key"
    ask: Mapping[str, Any] | Ask | None = field(default=None, hash=False)
    body: Mapping[str, Any] | None = field(default=None, hash=False)
    raw_body: str | None = None
    content_type: str = "application/json"
    max_output: int | None = DEFAULT_MAX_OUTPUT
    greedy: bool = False
    polls: int = 1
    dialect: str = DEFAULT_DIALECT

    @cached_property
    def asked(self) -> Ask | None:
        """The request in neutral terms, with its placeholders; None where the step writes its body itself."""
        return self.ask if self.ask is None or isinstance(self.ask, Ask) else read_ask(self.ask)

    def composed(self, dialect: str, model: str | None = None) -> Composed | NotSayable:
        """Return the request in a dialect, with placeholders and without the target's additions; else why the dialect cannot state it."""
        if self.asked is None:
            empty = dialect_named(dialect).compose(Ask(), model)
            if isinstance(empty, NotSayable) and OWN_PATH in self.path:
                return empty
            own = Composed(self.method, "", None) if isinstance(empty, NotSayable) else empty
            body = None if self.body is None else dict(self.body)
            return Composed(self.method, self.path.replace(OWN_PATH, own.path), body, own.media)
        composed = dialect_named(dialect).compose(self.asked, model)
        if isinstance(composed, NotSayable):
            return composed
        return composed._replace(path=self.path.replace(OWN_PATH, composed.path))

    @property
    def deserved(self) -> frozenset[str]:
        """The error classes of access that the step brings upon itself: its key or its model is none, or another than the target's."""
        if self.auth != "key":
            return _KEY_REFUSED
        by_body = "model" in (self.body or {}) and _writes_model(self.dialect)
        own_model = by_body if self.asked is None else self.asked.model is not None
        return _MODEL_REFUSED if own_model or NO_SUCH_MODEL in self.path else frozenset()

    @property
    def limited_by_us(self) -> bool:
        """True if `max_output` goes into the request: the probe is not about limits itself."""
        own = dialect_named(self.dialect).compose(Ask(), None)
        if self.path != OWN_PATH and (isinstance(own, NotSayable) or self.path != own.path):
            return False
        if self.asked is not None:
            return self.asked.operation == "chat" and self.asked.max_tokens is None
        body = self.body
        return body is not None and not any(name in body for name in dialect_named(self.dialect).limits)

    @property
    def output_tokens(self) -> int:
        """The most output tokens that the request allows, over all choices; 0 where it asks for no completion."""
        ours = self.max_output if self.limited_by_us else 0
        if self.asked is not None:
            stated, choices = self.asked.max_tokens, self.asked.n
        else:
            body = self.body or {}
            stated = next(
                (body[name] for name in dialect_named(self.dialect).limits if isinstance(body.get(name), int)), None
            )
            choices = body.get("n") if isinstance(body.get("n"), int) else None
        limit = stated if stated is not None else ours
        return max(limit or 0, 0) * (choices if choices is not None and choices > 0 else 1)

    def parameters(self, dialect: str) -> frozenset[str]:
        """Return the request parameters that the probe itself sends, members of objects as `stream_options.include_usage`."""
        composed = self.composed(dialect)
        return frozenset() if isinstance(composed, NotSayable) else frozenset(_parameters(composed.body or {}))


@dataclass(frozen=True)
class Probe:
    """One question. `hash` changes exactly when the request changes; `provokes` is as written, `subject.*` included.

    `dialect` is the one that it writes; None: it is asked in every dialect that can say it. `keyword` is the JSON Schema keyword whose
    enforcement its answer shows, if it is such a probe.
    """

    name: str
    does: str
    dialect: str | None
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
        return frozenset(rule for rule in rules if rule in self._named or rule.partition(".")[0] in self._subjects)

    @cached_property
    def _named(self) -> frozenset[str]:
        return frozenset(self.provokes)

    @cached_property
    def _subjects(self) -> frozenset[str]:
        return frozenset(entry.removesuffix(".*") for entry in self.provokes if entry.endswith(".*"))

    def unsayable(self, dialect: str) -> str | None:
        """Return why it cannot be asked in a dialect; None where it can."""
        if self.dialect not in {None, dialect}:
            return f"speaks {self.dialect}"
        if self.dialect is None and (reason := self._unanswerable(dialect)):
            return f"cannot be said in {dialect}, {reason}"
        reasons = (step.composed(dialect) for step in self.steps)
        return next(
            (f"cannot be said in {dialect}, which {why.reason}" for why in reasons if isinstance(why, NotSayable)), None
        )

    def _unanswerable(self, dialect: str) -> str | None:
        """Return why no answer in a dialect can show anything of a probe that names none; None where one can."""
        row = dialect_named(dialect)
        silent = next((entry for entry in self.provokes if entry.partition(".")[0] in row.silent_on), None)
        if silent is not None:
            return f"whose answers say nothing of {silent}"
        wanted = {self.expected(number).kind for number in range(len(self.steps))}
        return f"which answers with {row.answers}" if "completion" in wanted and row.answers != "words" else None

    @property
    def max_requests(self) -> int:
        """The most requests that it sends, retries aside."""
        return sum(step.polls for step in self.steps)

    @property
    def output_tokens(self) -> int:
        """The most output tokens that it allows; a reasoning model gets more (see `build.REASONING_TOKENS`)."""
        return sum(step.output_tokens for step in self.steps)

    def parameters(self, dialect: str) -> frozenset[str]:
        """Return the request parameters that it cannot do without in a dialect."""
        return frozenset().union(*(step.parameters(dialect) for step in self.steps))


def _writes_model(dialect: str) -> bool:
    """Return True if a dialect names the model in the body: `model: null` then names none, and is nothing where the path names it."""
    usual = dialect_named(dialect).compose(Ask(), NO_SUCH_MODEL)
    return isinstance(usual, Composed) and "model" in (usual.body or {})


def hash_of(dialect: str | None, steps: Iterable[Step]) -> str:
    """Return 16 hex digits over the request, with its defaults.

    What is asked in terms of no dialect counts as the default dialect writes it: a probe keeps its hash where it is only written anew.
    """
    spoken = dialect or DEFAULT_DIALECT
    text = json.dumps(
        {"dialect": spoken, "steps": [_hashed(step, spoken) for step in steps]}, sort_keys=True, separators=(",", ":")
    )
    return sha256(text.encode()).hexdigest()[:16]


def _hashed(step: Step, dialect: str) -> dict[str, Any]:
    hashed = {name: getattr(step, name) for name in _HASHED}
    if step.polls > 1:
        hashed["polls"] = step.polls
    composed = step.composed(dialect, "{model}")
    if isinstance(composed, Composed):
        hashed |= {"method": composed.method, "path": composed.path}
        if step.asked is not None and composed.body is not None:
            hashed["body"] = {**composed.body}
            if step.asked.model is None:
                hashed["body"].pop("model", None)
    return hashed


def _parameters(body: Mapping[str, Any]) -> Iterator[str]:
    for name, value in body.items():
        yield name
        if isinstance(value, dict):
            yield from (f"{name}.{member}" for member in value)
