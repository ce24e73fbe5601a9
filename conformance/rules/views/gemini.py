"""Views of Gemini's generateContent: its candidates, chunk by chunk, and its errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.rules.views.http import is_success
from conformance.wire.dialects.gemini import reason_of
from conformance.wire.dialects.gemini.requests import camel, counts_tokens
from conformance.wire.dialects.reading import mapping, objects, slot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Reply

#: The sums by modality, and the counts that they are sums of.
_DETAILS = {
    "promptTokensDetails": "promptTokenCount",
    "candidatesTokensDetails": "candidatesTokenCount",
    "cacheTokensDetails": "cachedContentTokenCount",
    "toolUsePromptTokensDetails": "toolUsePromptTokenCount",
}


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


def signed_calls(case: Case) -> Candidates | None:
    """The candidates of an answer that took thoughts and holds a call, once it has ended: what was thought is then signed."""
    result = case.view(candidates)
    if result is None or not case.exchange.on_wire or not result.reply.complete:
        return None
    thought = any(mapping(value, "usageMetadata").get("thoughtsTokenCount") for _, value in result.reply.chunks)
    return result if thought and any("functionCall" in part for _, _, part in result.parts()) else None


@dataclass(frozen=True)
class Unmarked:
    """An answer to a request that wants to see thoughts, which marks no part as one: its candidates, and the prompt."""

    result: Candidates
    prompt: str


def unmarked(case: Case) -> Unmarked | None:
    """An answer that marks no part as a thought, to a request that asks for thoughts."""
    result = case.view(candidates)
    thinking = mapping(camel(case.exchange.request.json), "generationConfig", "thinkingConfig")
    if result is None or thinking.get("includeThoughts") is not True:
        return None
    marked = any(part.get("thought") is True for _, _, part in result.parts())
    return None if marked else Unmarked(result, case.asked.prompt)


class TokenDetails(NamedTuple):
    """A count of tokens, and its sum by modality."""

    event: int | None
    name: str
    total: Any
    details: str
    parts: list[dict[str, Any]]


def token_details(case: Case) -> list[TokenDetails] | None:
    """The counts of an answer that are told by modality."""
    reply = case.view(answer)
    if reply is None:
        return None
    # Tools that the service runs add to the prompt's count, and not always to its details (recorded).
    served = any(
        tool.keys() - {"functionDeclarations"} for tool in objects(camel(case.exchange.request.json).get("tools"))
    )
    served = served or any("toolUsePromptTokenCount" in mapping(value, "usageMetadata") for _, value in reply.chunks)
    result = [
        TokenDetails(event, count, usage.get(count, 0), details, objects(usage[details]))
        for event, value in reply.chunks
        for usage in (mapping(value, "usageMetadata"),)
        for details, count in _DETAILS.items()
        if details in usage and not (served and count == "promptTokenCount")
    ]
    return result or None


def grounded(case: Case) -> Candidates | None:
    """The candidates of an answer, one of which says what it rests on."""
    result = case.view(candidates)
    has = result is not None and any("groundingMetadata" in candidate.value for candidate in result.listed)
    return result if has else None


def scored(case: Case) -> Candidates | None:
    """The candidates of a whole answer to a request for log probabilities, or that has them."""
    result = case.view(candidates)
    if result is None:
        return None
    asked = case.asked.logprobs and result.reply.complete
    return result if asked or any("logprobsResult" in candidate.value for candidate in result.listed) else None


def blocked(case: Case) -> Reply | None:
    """An answer that says that the prompt was blocked."""
    reply = case.view(answer)
    has = reply is not None and any(mapping(value, "promptFeedback").get("blockReason") for _, value in reply.chunks)
    return reply if has else None


def token_count(case: Case) -> Reply | None:
    """The answer of `:countTokens`."""
    response = case.exchange.response
    if response is None or not counts_tokens(case.exchange.request) or case.exchange.fidelity == "sdk-level":
        return None
    return case.reply if response.status is not None and is_success(response.status) and not case.reply.errors else None


def event_stream(case: Case) -> Reply | None:
    """A successful answer as server-sent events."""
    reply = case.view(answer)
    return reply if reply is not None and reply.stream is not None and case.exchange.on_wire else None
