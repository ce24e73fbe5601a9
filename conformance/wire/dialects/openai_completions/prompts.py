"""The prompts of a request: one text, several texts, or the tokens of one or of several."""

from __future__ import annotations

from typing import TypeAlias

#: A prompt: a text, or the numbers of its tokens.
Prompt: TypeAlias = str | tuple[int, ...]


def prompts(value: object) -> tuple[Prompt, ...]:
    """Return the prompts of a request's member in their order; none where it has no documented form.

    Source: https://platform.openai.com/docs/api-reference/completions/create#completions-create-prompt (read 2026-11-28). The
    `input` of an embeddings request has the same four forms.
    """
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not value:
        return ()
    if all(_is_token(item) for item in value):
        return (tuple(value),)
    listed = [item if isinstance(item, str) else _tokens(item) for item in value]
    return tuple(item for item in listed if item is not None) if None not in listed else ()


def _tokens(value: object) -> tuple[int, ...] | None:
    whole = isinstance(value, list) and all(_is_token(item) for item in value)
    return tuple(value) if whole else None  # type: ignore[arg-type]


def _is_token(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
