"""What the emulated model hears in a sound: the same few sentences, spread evenly over its length."""

from __future__ import annotations

from dataclasses import dataclass

_SENTENCES = ("A steady tone sounds.", "Then it is quiet.")


@dataclass(frozen=True)
class Spoken:
    """A sentence or a word, with the seconds between which it is heard."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Heard:
    """All that is heard: the sentences and the words, and the seconds that the sound lasts."""

    segments: tuple[Spoken, ...]
    words: tuple[Spoken, ...]
    seconds: float

    @property
    def text(self) -> str:
        """The whole text."""
        return " ".join(segment.text for segment in self.segments)


def heard(seconds: float, seed: int) -> Heard:  # noqa: ARG001 - nothing is drawn: whoever listens hears the same
    """Return what is heard in a sound of that length."""
    words = [word for sentence in _SENTENCES for word in sentence.split()]
    step = seconds / len(words)
    spoken = tuple(
        Spoken(word.strip("."), round(at * step, 3), round((at + 1) * step, 3)) for at, word in enumerate(words)
    )
    segments, begun = [], 0
    for sentence in _SENTENCES:
        ended = begun + len(sentence.split())
        segments.append(Spoken(sentence, round(begun * step, 3), round(ended * step, 3)))
        begun = ended
    return Heard(tuple(segments), spoken, seconds)
