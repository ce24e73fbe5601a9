"""Requests of one input and no conversation: a prompt, a text to embed, a sound. What asks for more cannot be said in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.wire.dialects.ask import Composed, NotSayable, Text, unsayable

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from conformance.wire.dialects.ask import Ask
    from conformance.wire.dialects.face import Compose
    from conformance.wire.dialects.reply import Reply, ToolCall
    from conformance.wire.exchange import Request


class Single(NamedTuple):
    """What such a request says: the model and the text, each None where it has none."""

    model: str | None
    text: str | None


def single(ask: Ask, model: str | None, words: Collection[str], takes: str) -> Single | NotSayable:
    """Return what an ask says in one text, or why it cannot be said.

    Args:
        ask: what is asked.
        model: the target's; None names none.
        words: the fields of an ask for which the dialect has a word.
        takes: the input, as a reason names it.
    """
    if ask.operation != "chat":
        return NotSayable("lists models as openai-chat does, where the listing is judged")
    texts = [part for turn in ask.turns for part in turn.parts if isinstance(part, Text)]
    parts = sum(len(turn.parts) for turn in ask.turns)
    ours = all(turn.role == "user" for turn in ask.turns)
    if ask.history or ask.system is not None or not ours or len(texts) > 1 or len(texts) != parts:
        return NotSayable(f"takes {takes}, and no turns")
    reason = unsayable(ask, words)
    return reason if reason is not None else Single(ask.model or model, texts[0].text if texts else None)


def input_request(path: str) -> Compose:
    """Return the `compose` of a dialect whose request has a model and an `input`, and goes to a path."""

    def compose(ask: Ask, model: str | None, refused: frozenset[str] = frozenset()) -> Composed | NotSayable:  # noqa: ARG001 - the face
        request = single(ask, model, {"turns"}, "texts")
        if isinstance(request, NotSayable):
            return request
        body = {} if request.model is None else {"model": request.model}
        return Composed("POST", path, body if request.text is None else {**body, "input": request.text})

    return compose


def history(request: Request) -> list[Any]:  # noqa: ARG001 - the face
    """Return nothing: there is no conversation."""
    return []


def carry_on(
    history: Sequence[Any],
    reply: Reply | None,  # noqa: ARG001 - the face
    results: Sequence[tuple[ToolCall, str]] = (),  # noqa: ARG001
) -> list[Any]:
    """Return the history as it is."""
    return list(history)
