"""Whether a prompt asks for the same text several times, and whether neighbouring pieces of a stream repeat one another."""

from __future__ import annotations

import re
from operator import eq
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A count of times, in the ten languages of the URL prompts: "twice", "3 times", "deux fois".
_TIMES: Final = re.compile(
    r"\b(?:twice|thrice|times|again and again|over and over|refrain|chorus|zweimal|dreimal|\w+mal|fois|veces|volte|vezes|refr[a\u00e3]o)\b"
    r"|\b(?:\u0434\u0432\u0430\u0436\u0434\u044b|\u0440\u0430\u0437\u0430?)\b"
    r"|[\u4e24\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u767e\u5343\d]\s*[\u904d\u6b21\u56de]|[\u0967-\u096f\d]\s*\u092c\u093e\u0930|\ubc88"
    r"|\u0645\u0631\u062a\u064a\u0646|\u0645\u0631\u0627\u062a",
    re.IGNORECASE,
)
#: A verb of repeating: a text that is to be repeated once is not to come twice.
_VERBS: Final = re.compile(
    r"repeat|keep (?:saying|writing|printing)|wiederhol|r\u00e9p\u00e8t|r\u00e9p\u00e9t|repite|repita|repet|ripet"
    r"|\u043f\u043e\u0432\u0442\u043e\u0440"
    r"|\u91cd\u590d|\u91cd\u8907|\u7e70\u308a\u8fd4|\ubc18\ubcf5|\u0643\u0631\u0631|\u0926\u094b\u0939\u0930",
    re.IGNORECASE,
)
_LONGEST_UNIT: Final = 1000  # characters of a passage that is looked for from each of its characters on
#: Neighbouring runs of equal pieces, each of two and more, that chance does not explain; and how many of them must differ.
_RUNS, _DIFFERENT = 5, 4
#: Such runs, where a byte a piece says whether the next one is equal to it.
_NEIGHBOURS: Final = re.compile(b"(?<!\x01)\x01++(?:\x00\x01++){%d,}+" % (_RUNS - 1))


def asks_for_repeats(prompt: str, text: str, *, often: bool = False) -> bool:
    """Whether a prompt asks for a text more than once: it holds the text, or the unit that the text repeats.

    `often` says that the text came many times: then a verb of repeating in the prompt is a reason too.
    """
    asked = _TIMES.search(prompt) or (_VERBS.search(prompt) if often else None)
    if not text.strip() or asked is None:
        return False
    # Two rounds without the gap after the second one are no repetition.
    unit = min(unit_of(text.strip()), unit_of(text), key=len)
    turns = len(unit) if len(unit) <= _LONGEST_UNIT else 1
    rounds = (unit[turn:] + unit[:turn] for turn in range(turns))
    # What stands between the rounds is not in the prompt: it names the word alone.
    signs = "".join(letter for letter in set(unit) if not letter.isalnum())
    return text.strip() in prompt or any((turned.strip(signs) or turned.strip()) in prompt for turned in rounds)


def unit_of(text: str) -> str:
    """Return the shortest passage of which a text is a repetition, its last round cut or whole; the text itself where it is none."""
    ends, border = [0], 0  # how long a beginning of the text each beginning of it ends in (Knuth, Morris, Pratt)
    for character in text[1:]:
        while border and character != text[border]:
            border = ends[border - 1]
        border += character == text[border]
        ends.append(border)
    period = len(text) - border
    return text[:period] if 2 * period <= len(text) else text


def doubled_beginning(pieces: Sequence[tuple[int | None, str]]) -> tuple[int | None, str] | None:
    """Return where the first pieces of a text come once more, one after the other, and what they say; None where they do not.

    Only a beginning of four different pieces with letters and more counts: shorter ones are refrains.
    """
    texts = [text for _, text in pieces]
    ends, border = [0], 0  # as in `unit_of`, of pieces
    for number, text in enumerate(texts[1:], 2):
        while border and text != texts[border]:
            border = ends[border - 1]
        border += text == texts[border]
        ends.append(border)
        if 2 * border == number:
            lettered = {piece for piece in texts[:border] if any(char.isalpha() for char in piece)}
            if len(lettered) >= _DIFFERENT:
                return pieces[border][0], "".join(texts[:border])
    return None


def doubled_piece(pieces: Sequence[tuple[int | None, str]]) -> tuple[int | None, str] | None:
    """Return the first piece of neighbouring runs that all came twice or more; None where chance explains the repeats."""
    texts = [text for _, text in pieces]
    for match in _NEIGHBOURS.finditer(bytes(map(eq, texts, texts[1:]))):
        lettered = {text for text in texts[match.start() : match.end()] if any(char.isalpha() for char in text)}
        if len(lettered) >= _DIFFERENT:
            return pieces[match.start() + 1][0], texts[match.start()]
    return None
