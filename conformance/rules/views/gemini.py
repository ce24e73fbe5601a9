"""Views of Gemini's generateContent: its candidates, chunk by chunk, and its errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.wire.dialects.gemini import reason_of
from conformance.wire.dialects.reading import mapping, objects, slot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Reply


class Candidate(NamedTuple):
    """One candidate as it stood in one chunk (or in the body, where `event` is None)."""

    value: dict[str, Any]
    event: int | None
    pointer: str

    @property
    def place(self) -> int | str | None:
        """The candidate's `index`; the protobuf default, 0, is left out on the wire."""
        return slot(self.value.get("index", 0))

    @property
    def reason(self) -> Any:  # noqa: ANN401 - a provider may send anything
        """The native finish reason, by name where its number has one."""
        return reason_of(self.value)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The parts of its content."""
        return objects(mapping(self.value, "content").get("parts"))


@dataclass(frozen=True)
class Candidates:
    """Every candidate of an answer, in order."""

    reply: Reply
    listed: list[Candidate]

    @property
    def streamed(self) -> bool:
        """Whether they came in a stream."""
        return self.reply.streamed

    def parts(self) -> Iterator[tuple[Candidate, str, dict[str, Any]]]:
        """Yield every part with its candidate and its pointer."""
        for candidate in self.listed:
            for position, part in enumerate(candidate.parts):
                yield candidate, f"{candidate.pointer}/content/parts/{position}", part


def answer(case: Case) -> Reply | None:
    """A successful answer of this dialect, as it was sent."""
    if case.exchange.fidelity == "sdk-level":
        return None
    return case.reply if case.reply.succeeded else None


def candidates(case: Case) -> Candidates | None:
    """The candidates of a successful answer."""
    reply = case.view(answer)
    if reply is None:
        return None
    result = [
        Candidate(value, event, f"/candidates/{position}")
        for event, chunk in reply.chunks
        for position, value in enumerate(objects(chunk.get("candidates")))
    ]
    return Candidates(reply, result) if result else None
