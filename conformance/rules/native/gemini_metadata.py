"""Gemini's generateContent: what stands beside the words: signatures, counts, grounding, log probabilities, listings and errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.errors import Failure, json_failure
from conformance.rules.views.gemini import (
    Candidates,
    TokenDetails,
    Unmarked,
    blocked,
    grounded,
    scored,
    signed_calls,
    token_count,
    token_details,
    unmarked,
)
from conformance.rules.views.model import listing
from conformance.wire.dialects.families import GEMINI
from conformance.wire.dialects.reading import mapping, objects, typed
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Reply

_API: Final = "https://ai.google.dev/api/generate-content (read 2026-11-28)"
_DETAILS: Final = (
    "https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto (read 2026-11-28)"
)
#: How models head what they think, where nothing takes it out of the answer.
_LABEL: Final = re.compile(r"\s*(?:\*\*)?(?:thoughts?|thinking|reasoning)(?: process)?\s*:", re.IGNORECASE)
_SECONDS: Final = re.compile(r"\d+(?:\.\d{1,9})?s")
#: google-genai 3.4.0 types.BlockedReason.
_BLOCKED: Final = frozenset(
    {
        "BLOCKED_REASON_UNSPECIFIED", "BLOCK_REASON_UNSPECIFIED", "SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY",
        "MODEL_ARMOR", "JAILBREAK",
    }
)  # fmt: skip
#: The lists that each kind of detail has, by the last word of its type.
_LISTS: Final = {"BadRequest": "fieldViolations", "QuotaFailure": "violations", "PreconditionFailure": "violations"}


@rule(
    "gemini.call_signed",
    over=signed_calls,
    dialects=GEMINI,
    severity=Severity.WARNING,
    source="https://ai.google.dev/gemini-api/docs/thought-signatures (read 2026-11-28); 72 of 72 recorded calls after thoughts",
    breaks="the next turn of a tool loop: 400, a function call is missing a thought_signature",
    example='{"functionCall": {...}} after thoughtsTokenCount 80, and no part has a thoughtSignature',
    conforming='{"functionCall": {...}, "thoughtSignature": "..."}',
)
def call_signed(result: Candidates) -> Iterator[Finding]:
    """Where thoughts came before a function call, a part carries their signature."""
    parts = list(result.parts())
    if not any(part.get("thoughtSignature") for _, _, part in parts):
        candidate, pointer, _ = next(row for row in parts if "functionCall" in row[2])
        yield Finding(f"{pointer}/thoughtSignature", "is missing or empty", "the signature", candidate.event)


@rule(
    "gemini.thoughts_marked",
    over=unmarked,
    dialects=GEMINI,
    severity=Severity.WARNING,
    source="https://ai.google.dev/gemini-api/docs/thinking (read 2026-11-28): a thought is a part whose `thought` is true",
    breaks="the user reads the chain of thought as the answer",
    example='{"text": "THOUGHT: The user asks for the total..."} and no part with "thought": true',
    conforming='{"text": "The user asks for the total...", "thought": true}',
)
def thoughts_marked(answer: Unmarked) -> Iterator[Finding]:
    """Thoughts that were asked for are parts of their own, not words of the answer under a label.

    Sees a text that begins with the label, unless the prompt has it too.
    """
    begun: set[Any] = set()
    for candidate, pointer, part in answer.result.parts():
        text = part.get("text")
        if not isinstance(text, str) or not text.strip() or candidate.place in begun:
            continue
        begun.add(candidate.place)
        label = _LABEL.match(text)
        if label and label[0].strip() not in answer.prompt:
            yield Finding(
                f"{pointer}/text", f"begins with {label[0].strip()!r}", "a part with thought true", candidate.event
            )


@rule(
    "gemini.usage_details_sum",
    over=token_details,
    dialects=GEMINI,
    severity=Severity.WARNING,
    source=f"{_API}: UsageMetadata, ModalityTokenCount",
    breaks="costs by modality do not add up to the bill",
    example='"promptTokenCount": 9, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 7}]',
    conforming='"promptTokenCount": 9, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 9}]',
)
def usage_details_sum(listed: list[TokenDetails]) -> Iterator[Finding]:
    """The tokens by modality add up to their count."""
    for row in listed:
        total = sum(typed(part, "tokenCount", int) or 0 for part in row.parts)
        if isinstance(row.total, int) and total != row.total:
            received = f"add up to {total}, and {row.name} is {row.total}"
            yield Finding(f"/usageMetadata/{row.details}", received, str(row.total), row.event)
            return


@rule(
    "gemini.grounding_indices",
    over=grounded,
    dialects=GEMINI,
    severity=Severity.WARNING,
    source=f"{_API}: GroundingSupport.groundingChunkIndices",
    breaks="clients that print sources: IndexError, or a claim under another source's name",
    example='"groundingChunks": [one], "groundingSupports": [{"groundingChunkIndices": [1]}]',
    conforming='"groundingChunks": [one], "groundingSupports": [{"groundingChunkIndices": [0]}]',
)
def grounding_indices(result: Candidates) -> Iterator[Finding]:
    """Every support of a claim points to a chunk that is there, and its segment ends after it starts."""
    for candidate in result.listed:
        data = mapping(candidate.value, "groundingMetadata")
        known, at = (
            len(objects(data.get("groundingChunks"))),
            f"{candidate.pointer}/groundingMetadata/groundingSupports",
        )
        for number, support in enumerate(objects(data.get("groundingSupports"))):
            indices = support.get("groundingChunkIndices")
            wrong = (
                [index for index in indices if isinstance(index, int) and index >= known]
                if isinstance(indices, list)
                else []
            )
            if wrong:
                yield Finding(
                    f"{at}/{number}/groundingChunkIndices", f"holds {wrong[0]}", f"below {known}", candidate.event
                )
            segment = mapping(support, "segment")
            start, end = (typed(segment, name, int) or 0 for name in ("startIndex", "endIndex"))
            if start > end:
                yield Finding(
                    f"{at}/{number}/segment/endIndex", f"is {end}, the start {start}", "no less", candidate.event
                )


@rule(
    "gemini.logprobs_shape",
    over=scored,
    dialects=GEMINI,
    severity=Severity.ERROR,
    source=f"{_API}: LogprobsResult; google-genai 3.4.0 types.LogprobsResult",
    breaks="classifiers that read token probabilities get None, or a confidence above 1",
    example='"responseLogprobs": true, answered without logprobsResult',
    conforming='{"logprobsResult": {"chosenCandidates": [{"token": "Hi", "logProbability": -0.1}]}}',
)
def logprobs_shape(result: Candidates) -> Iterator[Finding]:
    """Log probabilities that were asked for come with every candidate that has text: tokens, each with a logProbability of at most 0."""
    scores = [candidate for candidate in result.listed if "logprobsResult" in candidate.value]
    if not scores:
        if any(part.get("text") and not part.get("thought") for _, _, part in result.parts()):
            last = result.listed[-1]
            yield Finding(f"{last.pointer}/logprobsResult", "is missing", "the log probabilities, or a 400", last.event)
        return
    for candidate in scores:
        chosen = (
            candidate.value["logprobsResult"].get("chosenCandidates")
            if isinstance(candidate.value["logprobsResult"], dict)
            else None
        )
        at = f"{candidate.pointer}/logprobsResult/chosenCandidates"
        if not isinstance(chosen, list):
            yield Finding(at, shown(MISSING if chosen is None else chosen), "a list", candidate.event)
            continue
        for number, token in enumerate(objects(chosen)):
            value = token.get("logProbability", 0)  # the protobuf default, 0, is left out on the wire
            if not isinstance(value, int | float) or isinstance(value, bool) or value > 1e-6:  # noqa: PLR2004 - float noise
                yield Finding(f"{at}/{number}/logProbability", shown(value), "a number of at most 0", candidate.event)
                return


@rule(
    "gemini.block_reason",
    over=blocked,
    dialects=GEMINI,
    severity=Severity.WARNING,
    source=f"{_API}: BlockReason; google-genai 3.4.0 types.BlockedReason",
    breaks="typed clients refuse an unknown value; the user learns no reason",
    example='{"promptFeedback": {"blockReason": "filtered"}}',
    conforming='{"promptFeedback": {"blockReason": "SAFETY"}}',
)
def block_reason(reply: Reply) -> Iterator[Finding]:
    """A blocked prompt has one of the documented reasons."""
    for event, value in reply.chunks:
        reason = mapping(value, "promptFeedback").get("blockReason")
        if reason and not isinstance(reason, int) and reason not in _BLOCKED:
            yield Finding("/promptFeedback/blockReason", shown(reason), "a BlockReason, as SAFETY", event)


@rule(
    "gemini.count_tokens_shape",
    over=token_count,
    dialects=GEMINI,
    severity=Severity.ERROR,
    source="https://ai.google.dev/api/tokens (read 2026-11-28); google-genai 3.4.0 types.CountTokensResponse",
    breaks="clients that fit a prompt into the context: TypeError, or a prompt that is cut",
    example='{"total_tokens": 9}',
    conforming='{"totalTokens": 9, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 9}]}',
)
def count_tokens_shape(reply: Reply) -> Iterator[Finding]:
    """The answer of countTokens holds totalTokens, an integer of at least 1, and details that add up to it."""
    body: dict[str, Any] = reply.chunks[0].value if reply.chunks else {}
    total = body.get("totalTokens", MISSING)
    if not isinstance(total, int) or isinstance(total, bool) or total < 1:
        yield Finding("/totalTokens", shown(total), "an integer of at least 1")
        return
    details = objects(body.get("promptTokensDetails"))
    counted = sum(typed(part, "tokenCount", int) or 0 for part in details)
    if details and counted != total:
        yield Finding("/promptTokensDetails", f"add up to {counted}, and totalTokens is {total}", str(total))


@rule(
    "gemini.listing_shape",
    over=listing,
    dialects=GEMINI,
    severity=Severity.ERROR,
    source="https://ai.google.dev/api/models (read 2026-11-28); google-genai 3.4.0 types.Model",
    breaks="google-genai 3.4.0: ValidationError over the page; pickers of models show none",
    example='{"data": [{"id": "gemini-3.6-flash"}]}',
    conforming='{"models": [{"name": "models/gemini-3.6-flash", "supportedGenerationMethods": ["generateContent"]}]}',
    by_schema=True,
)
def listing_shape(reply: Reply) -> None:
    """A page lists models, each by a name that begins with `models/`, with limits in tokens and the methods that it takes."""


@rule(
    "gemini.error_details",
    over=json_failure,
    dialects=GEMINI,
    severity=Severity.WARNING,
    source=_DETAILS,
    breaks="clients that wait as RetryInfo says come back at once, and are refused again",
    example='{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": 37}',
    conforming='{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "37s"}',
)
def error_details(failure: Failure) -> Iterator[Finding]:
    """Each detail of an error says its type; RetryInfo has a delay in seconds, BadRequest and QuotaFailure their violations."""
    for number, detail in enumerate(objects(failure.error.get("details"))):
        at, kind = f"/error/details/{number}", detail.get("@type", MISSING)
        if not isinstance(kind, str) or not kind:
            yield Finding(f"{at}/@type", shown(kind), "a type's address, as type.googleapis.com/google.rpc.RetryInfo")
            continue
        name, delay = kind.rpartition(".")[2], detail.get("retryDelay", MISSING)
        if name == "RetryInfo" and not (isinstance(delay, str) and _SECONDS.fullmatch(delay)):
            yield Finding(f"{at}/retryDelay", shown(delay), 'seconds, as "37s"')
        listed = _LISTS.get(name)
        if listed is not None and not objects(detail.get(listed)):
            yield Finding(f"{at}/{listed}", shown(detail.get(listed, MISSING)), "a list of at least one")
