"""The flow of Anthropic's events as a state machine that says what each event breaks.

Source: https://docs.anthropic.com/en/docs/build-with-claude/streaming, "Event types" (read 2026-11-21).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.views.native import Breach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.native import TypedStream


def breaches(stream: TypedStream) -> Iterator[Breach]:
    """Yield every departure of a stream from the flow; an error event excuses a missing end."""
    flow = _Flow()
    steps = {
        "content_block_start": flow.start,
        "content_block_delta": flow.grow,
        "content_block_stop": flow.stop,
        "message_delta": flow.close,
        "message_stop": flow.end,
    }
    for number, kind, value in stream.events:
        if kind != "message_start" and kind not in steps:
            continue  # ping, and types that the protocol may add
        if flow.ended:
            yield Breach(number, "/type", f"is {kind!r} after message_stop", "nothing")
            return
        if kind == "message_start":
            if flow.begun:
                yield Breach(number, "/type", "is a second 'message_start'", "one, at the beginning")
        else:
            if not flow.begun:
                yield Breach(number, "/type", f"is {kind!r}", "'message_start' first")
            yield from steps[kind](number, value.get("index"))
        flow.begun = True
    if not flow.ended and not stream.failed:
        yield Breach(stream.last, "", "the stream ends without message_stop", "message_stop")


class _Flow:
    """Where a stream stands. An index that is no integer has a rule of its own."""

    def __init__(self) -> None:
        self.begun = self.closing = self.ended = False
        self._opened: int | None = None
        self._following = 0

    def start(self, number: int, index: object) -> Iterator[Breach]:
        """A block opens: the next one, after the last was closed."""
        if self._opened is not None:
            received = f"is {index!r} while block {self._opened} is open"
            yield Breach(number, "/index", received, f"content_block_stop {self._opened}")
        if self.closing:
            yield Breach(number, "/type", "is 'content_block_start' after message_delta", "'message_stop'")
        if not isinstance(index, int):
            return
        if index != self._following:
            again = " again" if index < self._following else ""
            yield Breach(number, "/index", f"is {index}{again}", str(self._following))
        self._opened, self._following = index, max(self._following, index + 1)

    def grow(self, number: int, index: object) -> Iterator[Breach]:
        """A delta extends the open block."""
        if isinstance(index, int) and index != self._opened:
            state = f"block {self._opened} is open" if self._opened is not None else "no block is open"
            yield Breach(number, "/index", f"is {index} while {state}", "the index of the open block")

    def stop(self, number: int, index: object) -> Iterator[Breach]:
        """The open block closes."""
        yield from self.grow(number, index)
        self._opened = None

    def close(self, number: int, _: object) -> Iterator[Breach]:
        """The message's last facts come, after the last block."""
        if self._opened is not None:
            received = f"is 'message_delta' while block {self._opened} is open"
            yield Breach(number, "/type", received, f"content_block_stop {self._opened}")
        self._opened, self.closing = None, True

    def end(self, number: int, _: object) -> Iterator[Breach]:
        """The message ends, after its last facts."""
        if not self.closing:
            yield Breach(number, "/type", "is 'message_stop' without a message_delta", "message_delta before it")
        self.ended = True
