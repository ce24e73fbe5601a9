"""Pieces of a stream that lost the spaces between their words."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Words of which every text of some length has several, in languages that write spaces between words. Each is a token of its own in
#: the usual vocabularies; joined to the words around it without a space it is none of theirs.
_SMALL_WORDS: Final = frozenset(
    [
        *("the", "of", "and", "to", "is", "in", "that", "for", "with", "are", "was", "it", "as", "on", "be", "this", "by", "have", "from"),
        *("der", "die", "das", "und", "ist", "den", "von", "mit", "ein", "eine", "nicht", "auf", "sich", "dem", "des", "als"),
        *("le", "la", "les", "des", "du", "et", "est", "une", "dans", "pour", "que", "qui", "sur", "pas"),
        *("el", "los", "las", "una", "por", "con", "para", "del", "es", "en", "se", "un", "de"),
        *("il", "che", "di", "della", "sono", "nel", "non", "per", "os", "uma", "não", "com", "em", "het", "een", "van"),
        *("и", "в", "на", "не", "что", "это", "по", "как", "для", "но"),
    ]
)  # fmt: skip
_FEWEST_WORDS: Final = 14  # pieces of letters in a row
_FEWEST_SMALL: Final = 4  # small words among them: one or two occur in a long name or in an address


#: A prompt that speaks of spaces gives a reason to leave them out.
_ABOUT_SPACES: Final = re.compile(
    r"\bspaces?\b|whitespace|blanks?\b|leerzeichen|espace|espacio|spazi|espa\u00e7o|\u043f\u0440\u043e\u0431\u0435\u043b",
    re.IGNORECASE,
)


def joined_without_spaces(pieces: Sequence[tuple[int | None, str]], prompt: str) -> tuple[int | None, str] | None:
    """Return the event at which a run of words without any space begins, and its first words joined; None where there is none.

    Args:
        pieces: the increments of a text, each with its event.
        prompt: what was asked; one that speaks of spaces is a reason to leave them out.
    """
    if _ABOUT_SPACES.search(prompt):
        return None
    run: list[tuple[int | None, str]] = []
    for piece in [*pieces, (None, " ")]:
        if piece[1].strip() == piece[1] and not any(map(str.isspace, piece[1])):
            run.append(piece)
            continue
        if _is_prose([text for _, text in run]):
            return run[0][0], "".join([text for _, text in run])[:40]
        run = []
    return None


def _is_prose(texts: list[str]) -> bool:
    words = [text for text in texts if text.isalpha()]
    return len(words) >= _FEWEST_WORDS and sum(_small_ones(texts)) >= _FEWEST_SMALL


def _small_ones(texts: Iterable[str]) -> list[bool]:
    return [after in _SMALL_WORDS and before.isalpha() for before, after in pairwise(texts)]
