"""Views of tokens with their logprobs: what they spell, held against the content."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from conformance.rules.views.chat import with_logprobs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.rules.views.chat import Answer
    from conformance.wire.case import Case

#: How GPT-2's byte-pair vocabulary and SentencePiece write a space, and the former a line feed, at a token's start
#: (openai/gpt-2 encoder.py,
#: google/sentencepiece README; read 2026-11-28).
BYTE_PAIR_SPACES: Final = frozenset({"\u0120", "\u010a", "\u2581"})
#: A token's text, its bytes, and its logprob, each as it came.
Scored: TypeAlias = tuple[Any, Any, Any]
#: How far two logprobs of one probability lie apart in types of half the precision, near the values that matter.
_NOISE: Final = 0.05
#: The token that ends a turn, in the spellings of chat templates: `<|im_end|>`, `</s>`, `<eos>`.
_END_TOKEN: Final = re.compile(r"(?:<[^<>\s]{1,40}>|\[[A-Z_]{2,20}\])*")


def ended_with_logprobs(case: Case) -> Answer | None:
    """A completion with logprobs whose choices all ended: a cut one lacks tokens at its end."""
    answer = case.view(with_logprobs)
    whole = answer is not None and answer.choices and all(choice.finishes for choice in answer.choices)
    return answer if whole else None


def decoded_bytes(raw: Any) -> str | None:  # noqa: ANN401 - any JSON
    """Return the text of a token's `bytes`; None where they are none, or a part of a character."""
    if not isinstance(raw, list) or not raw:
        return None
    try:
        return bytes(raw).decode("utf-8")
    except (TypeError, ValueError):  # UnicodeDecodeError is one; a number above 255 too
        return None


def rivals(token: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Return the objects among a token's top_logprobs, with their places."""
    listed = token.get("top_logprobs")
    items = enumerate(listed if isinstance(listed, list) else ())
    return [(number, item) for number, item in items if isinstance(item, dict)]


def likelier_than_listed(token: Scored, listed: Sequence[Scored]) -> Scored | None:
    """Return the least likely of the tokens listed for a position, where the token there is likelier and is not among them.

    Args:
        token: its text, its bytes and its logprob (natural logarithm).
        listed: the same of each token in the list.
    """
    text, raw, logprob = token
    ranked = [item for item in listed if isinstance(item[2], int | float)]
    if not ranked or not isinstance(logprob, int | float):
        return None
    if any(item[0] == text or (raw and item[1] == raw) for item in listed):
        return None
    last = min(ranked, key=lambda item: item[2])
    return last if logprob > last[2] + _NOISE else None


def joined_tokens(tokens: Iterable[dict[str, Any]]) -> str | None:
    """Return the text that tokens spell, by their bytes where they have them; None where one has neither."""
    pieces: list[bytes] = []
    for token in tokens:
        raw, text = token.get("bytes"), token.get("token")
        if isinstance(raw, list) and all(number.__class__ is int and 0 <= number < 256 for number in raw):  # noqa: PLR2004
            pieces.append(bytes(raw))
        elif isinstance(text, str):
            pieces.append(text.encode("utf-8", "surrogatepass"))
        else:
            return None
    return b"".join(pieces).decode("utf-8", "replace") if pieces else None


def is_content(joined: str, content: str, stop: Sequence[str]) -> bool:
    """Whether tokens spell a content, but for what servers strip: white space, the end of the turn, a stop string."""
    joined, content = joined.strip(), content.strip()
    if not joined.startswith(content):
        return False
    rest = joined[len(content) :].strip()
    return bool(_END_TOKEN.fullmatch(rest)) or any(rest and sequence.strip().startswith(rest) for sequence in stop)
