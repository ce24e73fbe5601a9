"""The flow of Converse's events as a state machine that says what each event breaks.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html (read 2026-11-28), "ConverseStream response";
22 recorded streams: a block of words or thoughts has no contentBlockStart, one of a tool has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.rules.views.native import Breach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.bedrock_converse import Events

#: Deltas of blocks that need a start; the others open their block themselves.
_STARTED = frozenset({"toolUse", "toolResult", "image"})
_KNOWN = frozenset(
    {"messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"}
)


def breaches(stream: Events) -> Iterator[Breach]:
    """Yield every departure of a stream from the flow; an exception excuses a missing end."""
    flow = _Flow()
    for number, kind, value in stream.events:
        if kind not in _KNOWN:
            continue  # exceptions, and types that the service may add
        if flow.ended and (kind != "metadata" or flow.reported):
            after = "metadata" if flow.reported else "messageStop"
            yield Breach(number, f"/{kind}", f"comes after {after}", "nothing" if flow.reported else "metadata only")
            return
        yield from flow.step(number, kind, value)
    if not flow.ended and not stream.failed:
        yield Breach(stream.last, "", "the stream ends without messageStop", "messageStop")


class _Flow:
    """Where a stream stands. An index that is no integer has a rule of its own."""

    def __init__(self) -> None:
        self.begun = self.ended = self.reported = False
        self._open: int | None = None
        self._following = 0

    def step(self, number: int, kind: str, value: dict[str, Any]) -> Iterator[Breach]:
        """Take the next event."""
        if not self.begun and kind != "messageStart":
            yield Breach(number, f"/{kind}", "comes first", "messageStart first")
        if self.begun and kind == "messageStart":
            yield Breach(number, f"/{kind}", "comes a second time", "one, at the beginning")
        self.begun = True
        steps = {"contentBlockStart": self.start, "contentBlockDelta": self.grow, "contentBlockStop": self.stop}
        if kind in steps:
            yield from steps[kind](number, value)
        elif kind == "messageStop":
            yield from self.end(number)
        elif kind == "metadata":
            if not self.ended:
                yield Breach(number, f"/{kind}", "comes before messageStop", "messageStop before it")
            self.reported = True

    def start(self, number: int, value: dict[str, Any]) -> Iterator[Breach]:
        """A block opens: the next one, after the last was closed."""
        yield from self._opened(number, "/contentBlockStart/contentBlockIndex", value.get("contentBlockIndex"))

    def grow(self, number: int, value: dict[str, Any]) -> Iterator[Breach]:
        """A delta extends the open block; one of words or thoughts may open the next."""
        index, delta = value.get("contentBlockIndex"), value.get("delta")
        if not isinstance(index, int) or index == self._open:
            return
        at = "/contentBlockDelta/contentBlockIndex"
        kind = next(iter(delta), "") if isinstance(delta, dict) else ""
        if kind in _STARTED:
            yield Breach(
                number, at, f"is {index}, and no contentBlockStart opened a {kind} there", "contentBlockStart first"
            )
            self._open, self._following = index, max(self._following, index + 1)
            return
        yield from self._opened(number, at, index)

    def stop(self, number: int, value: dict[str, Any]) -> Iterator[Breach]:
        """The open block closes. A block without output may close without having been opened."""
        index = value.get("contentBlockIndex")
        if not isinstance(index, int):
            return
        if index != self._open and (self._open is not None or index != self._following):
            state = f"block {self._open} is open" if self._open is not None else "no block is open"
            yield Breach(number, "/contentBlockStop/contentBlockIndex", f"is {index} while {state}", "the open block")
        self._open, self._following = None, max(self._following, index + 1)

    def end(self, number: int) -> Iterator[Breach]:
        """The message stops, after its last block."""
        if self._open is not None:
            received = f"comes while block {self._open} is open"
            yield Breach(number, "/messageStop", received, f"contentBlockStop {self._open}")
        self.ended = True

    def _opened(self, number: int, at: str, index: object) -> Iterator[Breach]:
        if not isinstance(index, int):
            return
        if self._open is not None:
            yield Breach(number, at, f"is {index} while block {self._open} is open", f"contentBlockStop {self._open}")
        elif index != self._following:
            again = " again" if index < self._following else ""
            yield Breach(number, at, f"is {index}{again}", str(self._following))
        self._open, self._following = index, max(self._following, index + 1)
