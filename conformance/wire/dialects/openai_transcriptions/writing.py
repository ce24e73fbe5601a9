"""Requests for a transcript: a form with a sound of our own. A neutral ask that deserves a refusal is one: its words are the prompt.

Source: https://platform.openai.com/docs/api-reference/audio/createTranscription (read 2026-11-28).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.ask import Composed, NotSayable, Text, unsayable
from conformance.wire.form import FORM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.wire.dialects.ask import Ask
    from conformance.wire.dialects.reply import Reply, ToolCall
    from conformance.wire.exchange import Request

#: A transcript is as long as its sound.
LIMITS: tuple[str, ...] = ()
_PATH = "audio/transcriptions"
_WORDS = frozenset({"turns", "stream", "temperature"})
#: The file of a request, as probes write it: the form's writer makes the bytes.
SOUND = {"$wav": {"seconds": 0.5, "tones": [440, 0]}}


def compose(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> Composed | NotSayable:
    """Write a request.

    Args:
        ask: what is asked: one turn of a user's words at most.
        model: the target's; None writes none.
        refused: parameters that the target does not take.
    """
    if ask.operation != "chat":
        return NotSayable("lists models as openai-chat does, where the listing is judged")
    words = [part for turn in ask.turns for part in turn.parts if isinstance(part, Text)]
    if (
        ask.history
        or ask.system is not None
        or len(words) > 1
        or len(words) != sum(len(turn.parts) for turn in ask.turns)
    ):
        return NotSayable("takes a sound, and no turns")
    reason = unsayable(ask, _WORDS)
    if reason is not None:
        return reason
    name = ask.model or model
    body: dict[str, Any] = {"file": SOUND} if ask.turns else {}
    body |= {} if name is None else {"model": name}
    if words:
        body["prompt"] = words[0].text
    if ask.stream:
        body["stream"] = True
    if ask.temperature is not None and "temperature" not in refused:
        body["temperature"] = ask.temperature
    return Composed("POST", _PATH, body, FORM)


def history(request: Request) -> list[Any]:  # noqa: ARG001 - the face
    """Return nothing: a transcript has no conversation."""
    return []


def carry_on(
    history: Sequence[Any],
    reply: Reply | None,  # noqa: ARG001 - the face
    results: Sequence[tuple[ToolCall, str]] = (),  # noqa: ARG001
) -> list[Any]:
    """Return the history as it is."""
    return list(history)
