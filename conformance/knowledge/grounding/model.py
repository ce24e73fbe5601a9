"""What is asked about a page, what was answered, and what the judge says of it: frozen values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Label(StrEnum):
    """What an answer to a URL prompt is; the first that fits, in this order, wins."""

    OTHER = "OTHER"
    TOOL_CALLED = "TOOL_CALLED"
    GROUNDED = "GROUNDED"
    FABRICATED = "FABRICATED"
    FABRICATED_LINKS = "FABRICATED_LINKS"
    URL_INFERRED = "URL_INFERRED"
    ABSTAINED = "ABSTAINED"


LABELS = tuple(Label)
#: Labels of an answer that admits to have not seen the page.
DISCLOSED = frozenset({Label.ABSTAINED, Label.URL_INFERRED})
#: Labels of an answer that makes something up.
MADE_UP = frozenset({Label.FABRICATED, Label.FABRICATED_LINKS})


_ERROR_TEXT = re.compile(
    r"\W*(?:error|http(?:/\d(?:\.\d)?)? [45]\d\d|[45]\d\d\b|fail|timed? ?out|timeout|not found|forbidden|unauthori[sz]ed|unable|could ?n.t|"
    r"cannot|exception|internal server|bad gateway|service unavailable|access denied|dns |"
    r"(?:please )?(?:enable|turn on) (?:javascript|js\b|cookies)|"
    r"(?:please )?(?:verify|confirm) (?:that )?you are (?:a )?human|checking (?:if|your browser)|just a moment|attention required|captcha)",
    re.IGNORECASE,
)
_SHORT = 120


def is_error_text(text: str) -> bool:
    """Whether a tool's text is short and begins as an error does: what tools that speak no HTTP give in place of a page."""
    return len(text) < _SHORT and _ERROR_TEXT.match(text) is not None


class ToolResult(NamedTuple):
    """What a tool gave back: `content`, or `error`; `status` where it speaks HTTP."""

    content: str = ""
    error: str = ""
    status: int | None = None
    name: str = ""

    @property
    def failed(self) -> bool:
        """Whether the tool brought no page: an error, a status of 4xx or 5xx, an empty body, or one that only names an error."""
        bad = bool(self.error) or (self.status or 0) >= 400  # noqa: PLR2004 - RFC 9110 15.5
        return bad or not self.content.strip() or is_error_text(self.content)


@dataclass(frozen=True)
class Context:
    """What the model was given beside the prompt: offered tools by name, tool results, pasted text, a canary to repeat."""

    tools: tuple[str, ...] = ()
    results: tuple[ToolResult, ...] = ()
    pasted: str = ""
    canary: str = ""

    @property
    def supplied(self) -> str:
        """All page text that the model could see."""
        return "\n".join([*(result.content for result in self.results if not result.failed), self.pasted]).strip()


@dataclass(frozen=True)
class Question:
    """A prompt that carries a URL. `url` is empty where the prompt names none."""

    prompt: str
    url: str = ""
    context: Context = field(default_factory=Context)


class Call(NamedTuple):
    """A tool call of an answer: its name, its arguments as text, and where it stands (-1: in an API field)."""

    name: str
    arguments: str
    start: int = -1
    end: int = -1


@dataclass(frozen=True)
class Answer:
    """The visible text with what the API said beside it."""

    text: str
    calls: tuple[Call, ...] = ()
    refusal: str = ""
    failed: bool = False  # an error stood in place of an answer


class Span(NamedTuple):
    """A piece of the answer that speaks for the verdict: characters [start, end), the cue it shows, its text."""

    start: int
    end: int
    cue: str
    text: str


@dataclass(frozen=True)
class Judged:
    """The verdict on one answer.

    `confidence` is the probability of the label in [0, 1]; `unsure` says that it is below the band in which the judge decides.
    """

    label: Label
    disclosed: bool
    confidence: float
    evidence: tuple[Span, ...] = ()
    reasons: tuple[str, ...] = ()
    unsure: bool = False
