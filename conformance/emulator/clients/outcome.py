"""What became of an answer in a client's hands: right, raised, silent or hung."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from conformance.emulator.clients.catalogue import free_of_ids
from conformance.wire.dialects import DEFAULT_DIALECT, DIALECTS, dialect_named, dialect_of
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conformance.emulator.clients.catalogue import Part
    from conformance.wire.dialects.reply import Reply
    from conformance.wire.exchange import Exchange

#: `right`: the data is intact, or an error was told with its status. `raised`: an exception that tells. `silent`: wrong or lost data
#: without an exception, the worst. `hung`: no result; the driver was ended. `n/a`: not asked, with the reason.
Word: TypeAlias = Literal["right", "raised", "silent", "hung", "n/a"]

#: From the best to the worst.
RANK: Final[dict[str, int]] = {"right": 0, "raised": 1, "hung": 2, "silent": 3}
_USAGE: Final = ("prompt_tokens", "completion_tokens", "total_tokens")
_FAILURE: Final = 400
_SHOWN: Final = 60


@dataclass(frozen=True)
class Outcome:
    """What a client did in one case, and a sentence of it; `exception` is the class that it raised."""

    word: Word
    why: str
    exception: str | None = None

    @property
    def survived(self) -> bool:
        """Whether an application is better off: it has its data, or knows that it has not."""
        return self.word in {"right", "raised", "n/a"}


def judge(
    result: dict[str, Any] | None,
    sent: Exchange | None,
    compare: Sequence[Part],
    *,
    within: float,
    broken: Exchange | None = None,
    own_tools: bool = False,
) -> Outcome:
    """Say what became of an answer.

    Args:
        result: the driver's (drivers/loop.py); None where it was ended.
        sent: the exchange whose data the client should have; None where nothing was asked.
        compare: the parts that have to be equal.
        within: the seconds that it was given.
        broken: what was sent in its place, under a fault: of an error the client can tell that status alone, if it is one of an error.
            None: the same.
        own_tools: the application asked for no tool: a call is of one that the client made up to have an object, and holds the text.
    """
    if result is None:
        return Outcome("hung", f"no result within {within:g} s")
    if sent is None or sent.response is None:
        return _unanswered(result, asked=sent is not None)
    dialect = dialect_of(sent) or DIALECTS[DEFAULT_DIALECT]
    reply = dialect.decode(sent)
    if "error" in compare:
        came = broken if broken is not None and _status(broken) >= _FAILURE else sent
        return _of_error(result, came) if reply.errors else Outcome("n/a", "no error was sent")
    if result["outcome"] == "raised":
        return Outcome("raised", _told(result), result["exception"])
    if any(dialect is dialect_named(name) for name in free_of_ids()):
        result = _without_own_ids(result, reply)
    return _of_data(_with_calls_of(result, reply) if own_tools else result, reply, compare)


def _unanswered(result: dict[str, Any], *, asked: bool) -> Outcome:
    if result["outcome"] == "raised":
        return Outcome("raised", _told(result) if asked else f"before it asked: {_told(result)}", result["exception"])
    return Outcome("silent", "nothing was answered, and no exception raised")


def _of_data(result: dict[str, Any], reply: Reply, compare: Sequence[Part]) -> Outcome:
    if reply.errors:
        return Outcome("silent", "an error was sent, and no exception raised")
    if compare == ("usage",) and not reply.usages:
        return Outcome("n/a", "no usage was sent: it was not asked for, or is not given")
    if compare[:1] == ("reasoning",) and not any(choice.reasoning for choice in reply.choices):
        return Outcome("n/a", "no reasoning was sent")
    differences = "; ".join(_differences(result, reply, compare))
    return Outcome("silent", differences) if differences else Outcome("right", "")


def _told(result: dict[str, Any]) -> str:
    return f"{result['exception']}: {result['message']}"


def _status(sent: Exchange) -> int:
    return (sent.response.status if sent.response is not None else None) or 0


def _of_error(result: dict[str, Any], sent: Exchange) -> Outcome:
    status = _status(sent)
    if result["outcome"] == "returned":
        return Outcome("silent", f"an error was sent (status {status}), and no exception raised")
    if status >= _FAILURE and result.get("status") != status:
        return Outcome("raised", f"{_told(result)} (status {status} is lost)", result["exception"])
    return Outcome("right", _told(result), result["exception"])


def _differences(result: dict[str, Any], reply: Reply, compare: Sequence[Part]) -> Iterator[str]:
    received: Any
    sent: Any
    for part in compare:
        if part == "models":
            received, sent = result.get("models"), _models(reply)
        elif part == "usage":
            sent = _usage(reply)
            received = _without_own_sum(result.get("usage"), sent)
        else:
            choices = result.get("choices") or ()
            received = [_received(choice, part) for choice in choices]
            classed = [*map(_is_classed, choices), *[False] * len(reply.choices)]
            sent = [_sent(choice, part, by_class=known) for choice, known in zip(reply.choices, classed, strict=False)]
        if received != sent:
            yield f"{part} is {_short(received)}, sent was {_short(sent)}"


def _received(choice: dict[str, Any], part: Part) -> Any:  # noqa: ANN401 - any JSON
    if part == "tool_calls":
        return [{**call, "arguments": _arguments(call["arguments"])} for call in choice["tool_calls"]]
    return choice["finish_class"] if part == "finish_reason" and _is_classed(choice) else choice[part] or ""


def _is_classed(choice: dict[str, Any]) -> bool:
    """Whether a client tells the class of the finish reason alone, in a word of its own."""
    return not choice["finish_reason"] and bool(choice.get("finish_class"))


def _with_calls_of(result: dict[str, Any], reply: Reply) -> dict[str, Any]:
    """Return a result in which a text that repeats the arguments of the only call is that call again."""
    choices = [dict(choice) for choice in result.get("choices") or ()]
    for choice, sent in zip(choices, reply.choices, strict=False):
        calls = _sent(sent, "tool_calls", by_class=False)
        repeated = len(calls) == 1 and not choice["tool_calls"] and _arguments(choice["text"]) == calls[0]["arguments"]
        if repeated and not sent.text:
            choice.update(text="", tool_calls=calls)
    return {**result, "choices": choices}


def _without_own_ids(result: dict[str, Any], reply: Reply) -> dict[str, Any]:
    """Return a result without the ids that a client gave to calls which were sent without one."""
    choices = [dict(choice) for choice in result.get("choices") or ()]
    for choice, sent in zip(choices, reply.choices, strict=False):
        unnamed = {at for at, call in enumerate(sent.tool_calls) if call.id is None}
        choice["tool_calls"] = [
            {**call, "id": None} if at in unnamed else call for at, call in enumerate(choice["tool_calls"])
        ]
    return {**result, "choices": choices}


def _without_own_sum(received: Any, sent: dict[str, Any] | None) -> Any:  # noqa: ANN401 - any JSON
    """Return usage without a total that was not sent and that a client added up rightly."""
    if not isinstance(received, dict) or sent is None or sent["total_tokens"] is not None:
        return received
    prompt, completion, total = (received.get(name) for name in _USAGE)
    right = isinstance(prompt, int) and isinstance(completion, int) and total == prompt + completion
    return {**received, "total_tokens": None} if right else received


def _sent(choice: Any, part: Part, *, by_class: bool) -> Any:  # noqa: ANN401 - a decoded choice; any JSON
    if part == "tool_calls":
        calls = choice.tool_calls
        return [{"id": call.id, "name": call.name, "arguments": _arguments(call.arguments)} for call in calls]
    if part == "finish_reason" and not by_class:  # in the dialect's own word: an SDK has no other
        return (choice.raw_finishes[-1][1] if choice.raw_finishes else None) or ""
    return getattr(choice, part) or ""


def _arguments(stored: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return arguments as an object: some clients parse them, some do not. What is no JSON stays text."""
    if not isinstance(stored, str):
        return stored
    try:
        return json.loads(stored)
    except ValueError:
        return stored


def _usage(reply: Reply) -> dict[str, Any] | None:
    value = reply.usages[-1].value if reply.usages else None
    return {name: value.get(name) for name in _USAGE} if isinstance(value, dict) else None


def _models(reply: Reply) -> list[Any] | None:
    value = reply.chunks[0].value if reply.chunks else MISSING
    listed = (
        next((value[name] for name in ("data", "models") if name in value), None) if isinstance(value, dict) else None
    )
    if not isinstance(listed, list):
        return None
    return [entry.get("id", entry.get("name")) for entry in listed if isinstance(entry, dict)]


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
