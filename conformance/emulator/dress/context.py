"""One answer being written: its target, its request, its draws, and the TOML's additions that hold for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, Any

from conformance.emulator.dress.templates import filled, merged, moment
from conformance.wire.dialects import dialect_named

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from conformance.emulator.allowance import Allowance
    from conformance.providers import Target
    from conformance.providers.answer_shape import Addition, Condition, Wire
    from conformance.wire.exchange import Request


@dataclass(frozen=True)
class AnswerContext:
    """One answer; `streamed` where a stream was asked for; `path` is the request's.

    `allowance` is what is left of the server's rate limits; None: it has none.

    `wire` is the TOML's for the answer's dialect, `scope` holds the placeholders that the whole answer shares, `now` is in Unix seconds.
    """

    target: Target
    wire: Wire
    body: Mapping[str, Any]
    now: float
    rng: Random
    scope: Mapping[str, Any] = field(default_factory=dict)
    coins: Mapping[int, bool] = field(default_factory=dict)
    streamed: bool = False
    path: str = ""
    allowance: Allowance | None = None

    def fill(self, template: Any, **local: Any) -> Any:  # noqa: ANN401 - any JSON
        """Return a template filled in."""
        return filled(template, {**self.scope, **local}, self.rng)

    def with_additions(
        self,
        result: dict[str, Any],
        places: Collection[str],
        contents: Collection[str],
        **local: Any,  # noqa: ANN401 - any JSON
    ) -> dict[str, Any]:
        """Return an object with the additions merged that hold at one of its places."""
        for number, addition in enumerate(self.wire.add):
            if addition.at in places and self.applies(number, addition, contents):
                result = merged(result, self.fill(addition.value, **local))
        return result

    def applies(self, number: int, addition: Addition, contents: Collection[str]) -> bool:
        """Return True if all conditions of addition `number` are met. Negative numbers index `wire.chunks`, others `wire.add`."""
        when: Condition = addition.when
        return (
            (not when.models or any(fnmatchcase(self.scope["model"], pattern) for pattern in when.models))
            and all(_asked(self.body, name) for name in when.asked)
            and all(entry in contents for entry in when.has)
            and not any(entry in contents for entry in when.lacks)
            and (not when.cases or any(entry in contents for entry in when.cases))
            and when.stream in {None, self.streamed}
            and (not when.sometimes or self.coins[number])
        )


def answer_context(
    target: Target,
    request: Request,
    *,
    seed: int,
    turn: int,
    now: float,
    defaults: Mapping[str, Any] | None = None,
    addressed: Mapping[str, Any] | None = None,
) -> AnswerContext:
    """Return the context of a request: the same seed, request and turn draw the same.

    Args:
        target: who answers, as the model that was asked for.
        request: what was asked.
        seed: of the whole server.
        turn: how often the same was asked before: an answer to the same request has an id of its own.
        now: Unix seconds.
        defaults: values of `[wire]` that hold where the TOML states none for the target's dialect; None: `[wire]` itself
            speaks of that dialect.
        addressed: what the request's address states beside its body.
    """
    asked = sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    rng = Random(f"{seed}:{turn}:{asked}")  # noqa: S311 - the same seed has to draw the same
    provider = target.provider
    wire = provider.wire if defaults is None else provider.wire.of_dialect(target.dialect, defaults)
    numbers = [*range(len(wire.add)), *range(-len(wire.chunks), 0)]
    coins = {number: rng.random() < 0.5 for number in numbers}  # noqa: PLR2004 - a half
    scope: dict[str, Any] = {**moment(now), "model": target.model, "created": _created(wire.created, now)}
    for name, template in wire.values.items():
        scope[name] = filled(template, scope, rng)
    scope["id"] = filled(wire.id, scope, rng)
    streamed = dialect_named(target.dialect).asked(request).stream
    body = {**request.json, **(addressed or {})}
    return AnswerContext(target, wire, body, now, rng, scope, coins, streamed, request.path)


def _created(how: str, now: float) -> float:
    return {"zero": 0, "float": round(now, 6)}.get(how, int(now))


def _asked(body: Mapping[str, Any], name: str) -> bool:
    value: Any = body
    for step in name.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return bool(value)
