"""What the emulated model says, before any provider's wire dresses it: choices, calls, tokens, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.providers import ErrorCase


@dataclass(frozen=True)
class Called:
    """One tool call; `arguments` is JSON text, cut where the token limit cut it."""

    name: str
    arguments: str


@dataclass(frozen=True)
class TokenLogprob:
    """One token, its natural log probability (at most 0), and the likeliest tokens at its place, best first."""

    token: str
    logprob: float
    top: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Choice:
    """One choice. `pieces` are the tokens of its text and join to it exactly; `logprobs` holds one entry a piece.

    `refusal` are the tokens of a text by which the model declines, in place of `pieces`.

    `finish_reason` is OpenAI's word: stop, length or tool_calls. `stopped_by` is the stop string that ended it.
    """

    pieces: tuple[str, ...] = ()
    reasoning: tuple[str, ...] = ()
    tool_calls: tuple[Called, ...] = ()
    finish_reason: str = "stop"
    logprobs: tuple[TokenLogprob, ...] | None = None
    tokens: int = 0
    refusal: tuple[str, ...] = ()
    stopped_by: str | None = None

    @property
    def text(self) -> str:
        """The whole visible text; empty where there is none."""
        return "".join(self.pieces)


@dataclass(frozen=True)
class Completion:
    """A whole answer and its usage, in tokens: reasoning lies within completion, cached within prompt."""

    choices: tuple[Choice, ...] = field(default=())
    prompt_tokens: int = 0
    completion_tokens: int = 0
    reasoning_tokens: int = 0
    cached_tokens: int = 0


@dataclass(frozen=True)
class Refusal:
    """A request that is refused: `when` is a word of `[[errors.case]]`, `param` the request member at fault.

    The words used are `bad_parameter`, `invalid_request`, `unknown_model`, `context_too_long` and `unsupported_feature`.
    `case` is the answer where the provider states one for just this request, `detail` the message where it is no text, `more` further
    members of the error object.
    """

    when: str
    message: str
    param: str | None = None
    case: ErrorCase | None = None
    detail: object = None
    more: Mapping[str, object] = field(default_factory=dict)
