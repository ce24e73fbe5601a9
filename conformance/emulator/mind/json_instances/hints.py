"""Values that a prompt offers for the members of an object: names, numbers, items, and text to take over word for word."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


#: Words that a sentence may begin with, or that say nothing of what it is about.
STOP_WORDS = _words(
    "a about again all am an and another any are as at be been by can could did do does for from get give good has",
    "have hello help hi how i if in into is it its just know let like look made make many me morning much my name",
    "need no not of off on one or our out please say set show so some such tell than thanks that the their them",
    "then there these they this those time to up us use want was we were what when where which who why will with",
    "without would write yes you your line lines paragraphs sentence sentences story word words",
)
_NAME = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:[ -][^\W\d_a-z][^\W\d_]+)*")
#: A URL in a prompt, without the punctuation that ends the sentence around it.
URL = re.compile(r"https?://[^\s<>\"')\]]*[^\s<>\"')\].,;:!?]")
#: What a member that takes a URL is called.
URL_MEMBERS = frozenset({"url", "uri", "link", "href"})
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_REST = re.compile(r":\s+(.+)\Z", re.DOTALL)
_ITEM_BORDER = re.compile(r",\s*(?:and\s+)?|(?<!\s)\s++and\s+|[.;!?]\s*")
#: What the member is called that holds the answer to the question.
_ANSWERS = frozenset({"answer", "final_answer", "result", "response", "output", "solution"})
#: Members that take what follows the colon of a prompt, or the whole of it.
_WORD_FOR_WORD = frozenset({"text", "note", "content", "message", "body", "query", "prompt", "input", "question"})


def content_words(text: str) -> frozenset[str]:
    """Return the words of a text that say what it is about, lower case; plurals lose their s."""
    words = (word.lower() for word in re.findall(r"[^\W\d_]+", text))
    return frozenset(word.removesuffix("s") for word in words if word not in STOP_WORDS and len(word) > 1)


def names_in(text: str) -> tuple[str, ...]:
    """Return the capitalised names in a text, once each, in order; words that only open a sentence are none."""
    result = (match[0] for match in _NAME.finditer(URL.sub("", text)))
    trimmed = (_without_opener(name) for name in result)
    return tuple(dict.fromkeys(name for name in trimmed if name))


def _without_opener(name: str) -> str:
    words = name.split(" ")
    while words and (words[0].lower() in STOP_WORDS or words[0].lower() in _OPENERS):
        words = words[1:]
    name = " ".join(words)
    return "" if name.isupper() and name.isascii() else name  # an acronym is no name


_OPENERS = _words(
    "add answer book call check compare count create describe explain extract find generate identify list open order output parse",
    "play read repeat reply reserve respond return save search send spell start stop summarise summarize translate",
)


@dataclass
class Hints:
    """What one prompt offers. Each name and number is offered once, in order; the last name again and again.

    `answer` is what a question's answer would be in one word, where that is known.
    """

    prompt: str
    names: tuple[str, ...] = ()
    answer: str | None = None
    _taken: int = field(default=0, init=False)
    _numbers: list[float] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        """Read the numbers, first one last, so that they can be popped."""
        self._numbers = [float(text) for text in reversed(_NUMBER.findall(self.prompt))]

    def text(self, member: str) -> str | None:
        """Return a string for a member of that name; None where the prompt offers none."""
        if member.lower() in _WORD_FOR_WORD:
            rest = _REST.search(self.prompt)
            return rest[1] if rest else self.prompt or None
        if self.answer and member.lower() in _ANSWERS:  # however many texts stand before it
            return self.answer
        link = URL.search(self.prompt) if member.lower() in URL_MEMBERS else None
        if link:
            return link[0]
        offered = ((self.answer,) if self.answer else ()) + tuple(name for name in self.names if name != self.answer)
        if not offered:
            return None
        self._taken += 1
        return offered[min(self._taken, len(offered)) - 1]

    def number(self) -> float | None:
        """Return the next number of the prompt."""
        return self._numbers.pop() if self._numbers else None

    def flag(self, member: str) -> bool:
        """Whether the prompt names the member, and does not deny it."""
        word = re.escape(member.replace("_", " "))
        named = re.search(rf"\b{word}\b", self.prompt, re.IGNORECASE)
        return bool(named) and not re.search(rf"\b(?:no|not|without)\s+(?:an?\s+)?{word}\b", self.prompt, re.IGNORECASE)

    def items(self) -> tuple[str, ...]:
        """Return the plain words that the prompt lists: `soup` and `fish` of `2 seats, soup and fish`."""
        parts = _ITEM_BORDER.split(self.prompt)
        return tuple(part for part in parts if part.isalpha() and part.islower() and part not in STOP_WORDS)
