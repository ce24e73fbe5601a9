"""Legacy text completions: their choices and their logprobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.chat import Answer, answer
from conformance.rules.views.openai_completions import (
    Batch,
    Echoed,
    Placed,
    Scored,
    batches,
    echoed,
    placed,
    scored,
)
from conformance.rules.views.small_protocols import legacy_logprobs_request
from conformance.rules.views.tokens import is_content, likelier_than_listed
from conformance.wire.dialects.families import COMPLETIONS
from conformance.wire.dialects.reading import mapping, objects, slot
from conformance.wire.json_text import MISSING

if TYPE_CHECKING:
    from collections.abc import Iterator


_OBJECT = "https://platform.openai.com/docs/api-reference/completions/object (read 2026-11-21)"


@rule(
    "completions.choice_shape",
    over=answer,
    dialects=COMPLETIONS,
    severity=Severity.ERROR,
    source=f"{_OBJECT}; openai 3.52.0 types/completion_choice.py",
    breaks="openai-python 3.52.0: choice.text is None",
    example='{"choices": [{"index": 0, "message": {"content": "Hi"}}]}',
    conforming='{"choices": [{"index": 0, "text": "Hi", "finish_reason": "stop"}]}',
    by_schema=True,
)
def choice_shape(answer: Answer) -> None:
    """Each choice has its text as a string, an integer index, and a finish reason that is a string or null."""


@rule(
    "completions.object_const",
    over=placed,
    dialects=COMPLETIONS,
    severity=Severity.WARNING,
    source=f"{_OBJECT}: object is always text_completion",
    breaks="clients that dispatch on `object` ignore the chunk",
    example='{"object": "chat.completion", "choices": [{"text": "Hi"}]}',
    conforming='{"object": "text_completion", "choices": [{"text": "Hi"}]}',
)
def object_const(result: Placed) -> Iterator[Finding]:
    """`object` is text_completion, streamed or not.

    llama.cpp's own answer has no choices and no object. It belongs at its own paths, and not below /v1.
    """
    for event, value in result.answer.reply.chunks:
        if ("choices" in value or result.below_v1) and value.get("object") != "text_completion":
            yield Finding("/object", shown(value.get("object", MISSING)), "'text_completion'", event)
            return


@rule(
    "completions.logprobs_honoured",
    over=legacy_logprobs_request,
    dialects=COMPLETIONS,
    severity=Severity.ERROR,
    source="https://platform.openai.com/docs/api-reference/completions/create#completions-create-logprobs (read 2026-11-21)",
    breaks="evaluation harnesses that score by token probabilities: TypeError on None",
    example='"logprobs": 2, answered with "logprobs": null',
)
def logprobs_honoured(answer: Answer) -> Iterator[Finding]:
    """Logprobs that were asked for come with every choice that has text."""
    given: set[object] = set()
    for _, value in answer.reply.chunks:
        items = enumerate(objects(value.get("choices")))
        # An object whose members are all null or empty tells of no token.
        given |= {
            slot(item.get("index", position)) for position, item in items if any(mapping(item, "logprobs").values())
        }
        if value.get("completion_probabilities"):  # llama.cpp's own shape
            given.add(0)
    for choice in answer.choices:
        if choice.text and choice.index not in given:
            yield Finding(
                f"{choice.pointer}/logprobs", "is missing, null or empty", "tokens and token_logprobs, or a 400"
            )


@rule(
    "completions.top_holds_token",
    over=scored,
    dialects=COMPLETIONS,
    severity=Severity.WARNING,
    source=f"{_OBJECT}: logprobs.top_logprobs holds the sampled token too",
    breaks="evaluation harnesses that ask whether a token was the most likely one read the rivals of another position",
    example='" Paris" at -0.1 beside {" is": -0.4, " was": -2.1}',
    conforming='" Paris" at -0.1 beside {" Paris": -0.1, " Lyon": -2.6}',
)
def top_holds_token(parts: list[Scored]) -> Iterator[Finding]:
    """A token that is more likely than one of its top_logprobs stands among them, or they are those of another position."""
    for event, pointer, _, logprobs, _ in parts:
        tokens, own, tops = (logprobs.get(name) for name in ("tokens", "token_logprobs", "top_logprobs"))
        if not (isinstance(tokens, list) and isinstance(own, list) and isinstance(tops, list)):
            continue
        for number, (token, logprob, top) in enumerate(zip(tokens, own, tops, strict=False)):
            listed = [(name, None, value) for name, value in top.items()] if isinstance(top, dict) else []
            lower = likelier_than_listed((token, None, logprob), listed)
            if lower is not None:
                received = f"lacks {token!r} at {logprob}, but holds {lower[0]!r} at {lower[2]}"
                yield Finding(f"{pointer}/top_logprobs/{number}", received, "the token among them", event)
                return


@rule(
    "completions.text_offset",
    over=answer,
    dialects=COMPLETIONS,
    severity=Severity.WARNING,
    source=f"{_OBJECT}: logprobs.text_offset; openai 3.52.0 types/completion_choice.py",
    breaks="evaluation harnesses that find where the prompt ends by text_offset score the wrong tokens",
    example='"text_offset": [0, 6, 9] for "Warsaw", " is" and " the", then [4] for " capital"',
    conforming='"text_offset": [0, 6, 9] for "Warsaw", " is" and " the", then [13] for " capital"',
)
def text_offset(answer: Answer) -> Iterator[Finding]:
    """Each token's text_offset is where the token before it ended, across the chunks of a stream.

    A token that is a part of a character has no text of its own: the count begins anew behind it.
    """
    ends: dict[object, int | None] = {}
    for event, value in answer.reply.chunks:
        for position, item in enumerate(objects(value.get("choices"))):
            place, logprobs = slot(item.get("index", position)), mapping(item, "logprobs")
            offsets, tokens = logprobs.get("text_offset"), logprobs.get("tokens")
            if not isinstance(offsets, list) or not isinstance(tokens, list):
                continue
            for number, (offset, token) in enumerate(zip(offsets, tokens, strict=False)):
                end = ends.get(place)
                if end is not None and offset != end:
                    at = f"/choices/{position}/logprobs/text_offset/{number}"
                    yield Finding(at, shown(offset), f"{end}, where the token before it ended", event)
                    return
                whole = isinstance(offset, int) and isinstance(token, str) and token.isascii() and token[:6] != "bytes:"
                ends[place] = offset + len(token) if whole else None


@rule(
    "completions.tokens_are_text",
    over=answer,
    dialects=COMPLETIONS,
    severity=Severity.WARNING,
    source=f"{_OBJECT}: logprobs; openai 3.52.0 types/completion_choice.py",
    breaks="evaluation harnesses that align tokens with the text score the wrong tokens",
    example='"tokens": [" Lyon", "."] beside the text " Paris."',
    conforming='"tokens": [" Paris", "."] beside the text " Paris."',
)
def tokens_are_text(answer: Answer) -> Iterator[Finding]:
    """The tokens of logprobs, joined, are the text.

    A token that is a part of a character is written as its bytes: then the text is not compared. White space at both ends, an
    end-of-text token and a stop string may differ.
    """
    for event, value in answer.reply.chunks:
        for position, item in enumerate(objects(value.get("choices"))):
            logprobs = mapping(item, "logprobs")
            tokens, text = logprobs.get("tokens"), item.get("text")
            if (
                not isinstance(tokens, list)
                or not tokens
                or not isinstance(text, str)
                or not all(isinstance(token, str) for token in tokens)
            ):
                continue
            joined = "".join(tokens)
            if (
                "bytes:" not in joined
                and "\ufffd" not in joined + text
                and not is_content(joined, text, answer.asked.stop)
            ):
                at = f"/choices/{position}/logprobs/tokens"
                yield Finding(at, f"spell {joined[:60]!r}", f"the text, {text[:60]!r}", event)
                return


@rule(
    "completions.logprobs_shape",
    over=legacy_logprobs_request,
    dialects=COMPLETIONS,
    severity=Severity.ERROR,
    source=f"{_OBJECT}; openai 3.52.0 types/completion_choice.py Logprobs",
    breaks="lm-evaluation-harness reads logprobs['token_logprobs']: KeyError",
    example='"logprobs": {"content": [{"token": " a", "logprob": -1.2}]}',
    conforming='"logprobs": {"tokens": [" a"], "token_logprobs": [-1.2], "top_logprobs": [{" a": -1.2}], "text_offset": [10]}',
    by_schema=True,
)
def logprobs_shape(answer: Answer) -> None:
    """Logprobs have the legacy form: lists `tokens`, `token_logprobs`, `top_logprobs` and `text_offset`, not chat's `content`."""


@rule(
    "completions.logprobs_aligned",
    over=scored,
    dialects=COMPLETIONS,
    severity=Severity.ERROR,
    source=f"{_OBJECT}; openai 3.52.0 types/completion_choice.py Logprobs",
    breaks="evaluation harnesses zip the lists: probabilities of other tokens are added up",
    example='"tokens": [" a", " b"], "token_logprobs": [-1.2]',
    conforming='"tokens": [" a", " b"], "token_logprobs": [-1.2, -0.3]',
)
def logprobs_aligned(parts: list[Scored]) -> Iterator[Finding]:
    """The lists of legacy logprobs have one entry a token, and no logprob is above 0."""
    for part in parts:
        tokens = part.logprobs["tokens"]
        for name in ("token_logprobs", "top_logprobs", "text_offset"):
            listed = part.logprobs.get(name)
            if isinstance(listed, list) and len(listed) != len(tokens):
                received = f"has {len(listed)} entries"
                yield Finding(f"{part.pointer}/{name}", received, f"{len(tokens)}, one a token", part.event)
                return
        values = part.logprobs.get("token_logprobs")
        for number, value in enumerate(values if isinstance(values, list) else ()):
            if isinstance(value, int | float) and value > 0:
                yield Finding(f"{part.pointer}/token_logprobs/{number}", shown(value), "at most 0", part.event)
                return


@rule(
    "completions.echo_honoured",
    over=echoed,
    dialects=COMPLETIONS,
    severity=Severity.ERROR,
    source="https://platform.openai.com/docs/api-reference/completions/create#completions-create-echo (read 2026-11-28)",
    breaks="evaluation harnesses score the prompt's tokens: without them they score the answer",
    example='"echo": true, "prompt": "The sky is", answered with the text " blue"',
    conforming='"echo": true, "prompt": "The sky is", answered with the text "The sky is blue"',
)
def echo_honoured(result: Echoed) -> Iterator[Finding]:
    """With echo each choice begins with its own prompt; a server that cannot do so refuses."""
    for choice in result.answer.choices:
        prompt = result.prompt_of(choice.index)
        if prompt is not None and not choice.text.startswith(prompt):
            received = f"begins with {choice.text[:30]!r}"
            yield Finding(f"{choice.pointer}/text", received, f"the prompt, {prompt[:30]!r}, before the answer")
            return


@rule(
    "completions.batch_usage",
    over=batches,
    dialects=COMPLETIONS,
    severity=Severity.WARNING,
    source=f"{_OBJECT}: usage is that of the completion request",
    breaks="billing and budgets count one prompt of a batch and miss the others",
    example="two prompts of 3 tokens each in one request: prompt_tokens 3",
    conforming="two prompts of 3 tokens each in one request: prompt_tokens 6",
    over_session=True,
)
def batch_usage(pairs: list[Batch]) -> Iterator[Finding]:
    """The prompt tokens of a batch are no fewer than those of its prompts alone."""
    for pair in pairs:
        if pair.counted < pair.alone:
            received = f"is {pair.counted}"
            yield Finding(
                "/usage/prompt_tokens", received, f"{pair.alone}, as its prompts have alone", exchange=pair.exchange
            )
            return
