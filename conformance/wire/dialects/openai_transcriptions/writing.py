"""Requests for a transcript: a form with a sound of our own. A text is the prompt.

Source: https://platform.openai.com/docs/api-reference/audio/createTranscription (read 2026-11-28).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.ask import Composed, NotSayable
from conformance.wire.dialects.single import single
from conformance.wire.form import FORM

if TYPE_CHECKING:
    from conformance.wire.dialects.ask import Ask

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
    request = single(ask, model, _WORDS, "a sound")
    if isinstance(request, NotSayable):
        return request
    body: dict[str, Any] = {"file": SOUND} if ask.turns else {}
    body |= {} if request.model is None else {"model": request.model}
    if request.text is not None:
        body["prompt"] = request.text
    if ask.stream:
        body["stream"] = True
    if ask.temperature is not None and "temperature" not in refused:
        body["temperature"] = ask.temperature
    return Composed("POST", _PATH, body, FORM)
