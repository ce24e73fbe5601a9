"""Request parameters: standard ones taken, wrong ones refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule
from conformance.rules.views.demands import demanded
from conformance.rules.views.invalid_requests import faulty_request
from conformance.rules.views.legal_requests import LegalRequest, legal_history
from conformance.rules.views.pictures import shown_pictures
from conformance.rules.views.refusals import sound_attempt
from conformance.wire.dialects.families import CHAT, MESSAGES, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.invalid_requests import Faulty
    from conformance.rules.views.pictures import ShownPictures
    from conformance.rules.views.refusals import SoundAttempt

_CHAT = "https://platform.openai.com/docs/api-reference/chat/create"
_ERRORS = "https://platform.openai.com/docs/guides/error-codes/api-errors"
#: Parameters that have no rule of their own. Source: openai 3.52.0 CompletionCreateParams (read 2026-11-21).
_STANDARD = (
    "frequency_penalty", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens", "n", "parallel_tool_calls",
    "presence_penalty", "seed", "stop", "stream_options", "temperature", "top_logprobs", "top_p", "user",
)  # fmt: skip
#: OpenAI's own way to say that a model does not take a parameter.
_DOCUMENTED = frozenset({"unsupported_parameter", "unsupported_value"})


@rule(
    "params.standard_accepted",
    over=sound_attempt,
    severity=Severity.WARNING,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="every SDK sends these parameters; one switched-on option turns the whole call into a 400",
    example='400 "max_tokens is not supported" for {"max_tokens": 100}',
    conforming='400 {"error": {"code": "unsupported_parameter", "param": "max_tokens", ...}}',
)
def standard_accepted(result: SoundAttempt) -> Iterator[Finding]:
    """A standard parameter with a valid value is accepted, or refused with code unsupported_parameter and its name in param.

    One that the API leaves open is not demanded either.
    """
    refusal, lacking = result.attempt.refusal, demanded(result)
    if lacking is not None:
        yield Finding(
            f"/{lacking.partition('.')[0]}", result.attempt.short, f"accepted without {lacking}, as the API documents"
        )
        return
    if refusal is None or (refusal.code in _DOCUMENTED and refusal.error.get("param")):
        return
    for name in _STANDARD:
        if result.has_good(name) and re.search(rf"\b{name}\b", result.attempt.said):
            yield Finding(f"/{name}", result.attempt.short, "accepted, or code 'unsupported_parameter' with param")
            return


@rule(
    "params.invalid_refused",
    over=faulty_request,
    severity=Severity.WARNING,
    source=f"{_ERRORS} (read 2026-11-21)",
    breaks="nothing: a typo in a parameter goes unnoticed",
    example="200 for temperature 9",
    conforming='400 {"error": {"param": "temperature", ...}} for temperature 9',
)
def invalid_refused(result: Faulty) -> Iterator[Finding]:
    """A request that is wrong in itself (malformed, wrong type, out of range) is refused, not answered."""
    if 200 <= result.status < 300:  # noqa: PLR2004 - RFC 9110 15.3
        yield Finding("", f"status {result.status} for a request with {result.fault}", "a 400 that names the parameter")


@rule(
    "params.history_accepted",
    over=legal_history,
    dialects=CHAT | MESSAGES,
    severity=Severity.ERROR,
    source=f"{_CHAT}#chat-create-messages (read 2026-11-28): an assistant turn needs its role and content or tool_calls",
    breaks="agents that move a conversation from another provider, or keep it without vendor fields, get a 400 on every later turn",
    example="400 for an assistant turn without reasoning_content",
)
def history_accepted(history: LegalRequest) -> Iterator[Finding]:
    """A history that the API's own schema allows is accepted: no field of a vendor is missed in it, and none of its forms refused.

    Judged where every call has its result. What was refused for another cause (length, policy, a feature) is left alone.
    """
    if history.blamed:
        yield Finding("/messages", history.short, "accepted as history")


@rule(
    "params.image_accepted",
    over=shown_pictures,
    over_target=True,
    dialects=WORDS,
    severity=Severity.ERROR,
    source="https://platform.openai.com/docs/guides/images-vision (read 2026-11-29); each provider's file names its own page",
    breaks="an application that reads the listing, or the documentation, sends a picture and gets a 400",
    example='400 "this model does not support image input", of a model whose listing has input_modalities ["text", "image"]',
)
def image_accepted(pictures: ShownPictures) -> Iterator[Finding]:
    """A model that sees, as its listing or its provider's documentation says, takes a picture.

    A refusal for the size, the number or the content of pictures is left alone, and so is one that does not speak of pictures.
    """
    for exchange, refusal in pictures.refusals:
        received = f"refused with {refusal.status}: {refusal.message[:120]!r}"
        yield Finding("", received, f"an answer, as {pictures.name} says that the model sees", exchange=exchange)
