"""The reasoning of a model that reasons: as long as the request's effort asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conformance.emulator.mind.json_instances.hints import content_words

if TYPE_CHECKING:
    from random import Random

    from conformance.emulator.mind.conversation import Conversation

#: Sentences by effort. The words are those of openai 3.52.0's ReasoningEffort (read 2026-11-21).
_SENTENCES: Final = {"none": 0, "minimal": 1, "low": 2, "medium": 4, "high": 8, "xhigh": 12, "max": 12}
_THOUGHTS: Final = (
    "A short answer will do here.",
    "Let me check that I understand what is wanted.",
    "Nothing in the conversation contradicts this.",
    "The simplest reading is probably the right one.",
    "I should keep to the form that was asked for.",
    "There is no need to bring in anything else.",
    "I could give more detail, but that was not asked.",
    "That settles the main point.",
    "Let me weigh the alternatives once more.",
    "The first idea still looks best.",
    "I can answer from what is already known.",
)


def reason(talk: Conversation, effort: str, rng: Random) -> str:
    """Return the reasoning before an answer; empty where the request switches it off."""
    number = _SENTENCES.get(effort, _SENTENCES["medium"])
    if not number:
        return ""
    about = sorted(content_words(talk.asked))[:3]
    opening = f"The user asks about {', '.join(about)}." if about else "The user wants an answer."
    return " ".join((opening, *rng.sample(_THOUGHTS, number - 1)))
