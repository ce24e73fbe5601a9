"""What the emulated model says in words: the answer to simple requests, and otherwise a calm sentence about what was asked.

Each way of answering is a function of the conversation that returns None where it has nothing to say; the first that speaks wins.
"""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING

from conformance.emulator.mind.instructions.react import react_answer, react_step
from conformance.emulator.mind.instructions.reply_with import text_to_say
from conformance.emulator.mind.json_instances.hints import URL, content_words
from conformance.emulator.mind.small_world import DEEDS, FACTS, KINDS, OPENINGS, SUBJECTS, THINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from conformance.emulator.mind.conversation import Conversation

_COUNT = re.compile(r"\bcount(?:ing)? (?:up )?from (\d{1,6}) to (\d{1,6})", re.IGNORECASE)
_CALLED = re.compile(r"\bmy (\w+(?: \w+)?)(?: is|'s) (?:called |named )?([^\W\d_][\w'-]*)", re.IGNORECASE)
_WHAT_NAME = re.compile(r"\bwhat(?:'s| is| was) my (\w+(?: \w+)?)(?: called| named|'s name| again)?", re.IGNORECASE)
_GREETING = re.compile(r"\b(?:say )?(?:hello|hi|hey|good (?:morning|evening|afternoon|day))\b", re.IGNORECASE)
_YES_NO = re.compile(r"^\W*(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have)\b", re.IGNORECASE)
_ONE_WORD = re.compile(r"\b(?:one|single) word\b|\byes or no\b", re.IGNORECASE)
_ONE_OF_KIND = re.compile(r"\b(?:one|a|an|another|some|any)\b", re.IGNORECASE)
_LONG = re.compile(
    r"\b(?:write|compose|draft|tell)\b.{0,200}?\b(?:story|essay|poem|article|letter|speech)\b|\bat length\b|\bdescribe\b",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    r"\b(\d{1,4}|two|three|four|five|six|seven|eight|nine|ten|twelve) (words|sentences|paragraphs|lines)\b",
    re.IGNORECASE,
)
_NUMBERS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
}
_UNREAD = "I cannot open links"
_PASTED = re.compile(r'"""(.*?)"""', re.DOTALL)
_MOST_COUNTED = 5000
_LONG_TEXT, _PARAGRAPH = 45, 5  # sentences


def say(talk: Conversation, rng: Random) -> str:
    """Return the answer of a turn without tool calls; never empty."""
    step = react_step(talk)
    if step is not None:
        return react_answer(step, one_word_answer(step.question) or "I do not know.")
    if talk.results:
        return _about_results(talk)
    ways = (_repeated, _counted, _remembered, _unread, _sentences, _one_word, _known, _one_of_a_kind, _greeting)
    return next((said for way in ways if (said := way(talk, rng))), None) or _about(talk, rng)


def one_word_answer(asked: str) -> str | None:
    """Return the answer to a question in a word or a name, where it is known."""
    words = content_words(asked)
    return next((fact.word for fact in FACTS if fact.words <= words), None)


def _about_results(talk: Conversation) -> str:
    """Say what the tools brought, each result with what was asked for it."""
    parts = []
    for result in talk.results:
        given = _values(result.arguments)
        parts.append(f"For {given}: {result.text}" if given else f"The result is: {result.text}")
    return "\n".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in dict.fromkeys(parts))


def _values(arguments: str) -> str:
    try:
        read = json.loads(arguments)
    except ValueError:
        return ""
    values = read.values() if isinstance(read, dict) else ()
    return ", ".join(str(value) for value in values if isinstance(value, str | int | float))


def _repeated(talk: Conversation, rng: Random) -> str | None:
    """Say the text that the last message asks for, or else the one that the system text asks for."""
    return text_to_say(talk.asked, rng) or text_to_say(talk.system, rng)


def _counted(talk: Conversation, _: Random) -> str | None:
    match = _COUNT.search(talk.asked)
    if match is None:
        return None
    first, last = int(match[1]), int(match[2])
    step = 1 if last >= first else -1
    return ", ".join(str(number) for number in islice(range(first, last + step, step), _MOST_COUNTED))


def _remembered(talk: Conversation, _: Random) -> str | None:
    wanted = _WHAT_NAME.search(talk.asked)
    if wanted is None:
        return None
    for turn in reversed((*talk.before, talk.asked)):
        for called in _CALLED.finditer(turn):
            if called[1].lower() == wanted[1].lower().removesuffix(" called") and turn is not talk.asked:
                return f"Your {called[1].lower()} is called {called[2]}."
    return None


def _unread(talk: Conversation, _: Random) -> str | None:
    """Say that a page was not read, or what a pasted one says: the emulated model opens no URL, and makes nothing up about one."""
    link = URL.search(talk.asked)
    if link is None:
        owned_up = bool(talk.said) and talk.said[-1].startswith(_UNREAD)
        return f"No. {_UNREAD}, so I have not seen that page." if owned_up else None
    pasted = _PASTED.search(talk.asked)
    if pasted is not None and pasted[1].strip():
        return f"The text says: {pasted[1].strip()}"
    return f"{_UNREAD}, so I do not know what {link[0]} says. If you paste the text here, I can work with it."


def _sentences(talk: Conversation, rng: Random) -> str | None:
    """Write as much as was asked for, or a long text where only the kind of text was named."""
    size = _HOW_MANY.search(talk.asked)
    if size is None and (not _LONG.search(talk.asked) or _ONE_WORD.search(talk.asked)):
        return None
    number = (_NUMBERS.get(size[1].lower()) or int(size[1])) if size else _LONG_TEXT
    unit = size[2].lower() if size else "sentences"
    if unit == "words":
        words = " ".join(islice(_written(talk, rng), number // 5 + 2)).split(" ")[:number]
        return " ".join(words).rstrip(",.") + "."
    if unit == "paragraphs":
        return "\n\n".join(" ".join(islice(_written(talk, rng), _PARAGRAPH)) for _ in range(number))
    return ("\n" if unit == "lines" else " ").join(islice(_written(talk, rng), number))


def _written(talk: Conversation, rng: Random) -> Iterator[str]:
    """Yield sentences without end, the first one about what was asked."""
    topic = _topic(talk.asked)
    yield f"This is about {topic}, as {rng.choice(SUBJECTS)} tells it."
    while True:
        deed = f"{rng.choice(SUBJECTS)} {rng.choice(DEEDS)} {rng.choice(THINGS)}"
        yield f"{rng.choice(OPENINGS)}, {deed}." if rng.random() < 0.4 else f"{deed[0].upper()}{deed[1:]}."  # noqa: PLR2004


def _one_word(talk: Conversation, _: Random) -> str | None:
    if not _ONE_WORD.search(talk.asked):
        return None
    return "Yes" if _YES_NO.search(talk.asked) else (one_word_answer(talk.asked) or "Perhaps").capitalize()


def _known(talk: Conversation, _: Random) -> str | None:
    words = content_words(talk.asked)
    return next((fact.sentence for fact in FACTS if fact.words <= words), None)


def _one_of_a_kind(talk: Conversation, rng: Random) -> str | None:
    """Name one thing of a kind, or make up a name for one, and none that was said before."""
    words = content_words(talk.asked)
    for turn in (words, *(content_words(turn) for turn in reversed(talk.before))):
        kind = next((kind for kind in KINDS if kind in turn), None)
        if kind is not None and _ONE_OF_KIND.search(talk.asked):
            said = " ".join(talk.said).lower()
            left = [name for name in KINDS[kind] if name.lower() not in said]
            chosen = rng.choice(left or KINDS[kind])
            return chosen[0].upper() + chosen[1:] + "."
    return None


def _greeting(talk: Conversation, rng: Random) -> str | None:
    if not _GREETING.search(talk.asked):
        return None
    return rng.choice(
        (
            "Hello! How can I help you today?",
            "Hello! It is good to hear from you.",
            "Hello there! What can I do for you?",
        )
    )


def _about(talk: Conversation, rng: Random) -> str:
    topic = _topic(talk.asked)
    return rng.choice(
        (
            f"There is much to say about {topic}, and the short answer is that it depends on where you begin.",
            f"About {topic}: most people start with the simple cases and go on from there.",
            f"The short answer about {topic} is that it depends on what you need it for.",
        )
    )


def _topic(asked: str) -> str:
    """Return the longest word of a request that says what it is about, as it is written; `that` where there is none."""
    about = content_words(asked)
    words = [word for word in re.findall(r"[^\W\d_]+", asked) if word.lower().removesuffix("s") in about]
    return max(words, key=len)[:40] if words else "that"
