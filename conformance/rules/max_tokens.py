"""max_tokens and max_completion_tokens: the limit of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.endings import ends_in_mid_sentence, is_left_open
from conformance.rules.views.parameters import cut_answer, limited_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.rules.views.chat import Answer
    from conformance.rules.views.parameters import CutAnswer

_FEW = 16  # tokens: below it, one more is a large share of the limit
_LONGEST_TOKEN = 20  # characters; long words are cut into several tokens
#: The neutral word of an answer that its limit cut.
_CUT = "'length', or the dialect's own word for it"
_SOURCE = (
    "https://platform.openai.com/docs/api-reference/chat/create#chat-create-max_completion_tokens (read 2026-11-21)"
)


@rule(
    "max_tokens.honoured",
    over=limited_request,
    severity=Severity.ERROR,
    source=_SOURCE,
    breaks="budgets: an answer costs many times its limit",
    example="max_tokens 16, completion_tokens 804",
)
def honoured(answer: Answer) -> Iterator[Finding]:
    """No choice takes more tokens than the limit. usage counts all n choices, or best_of candidates, together.

    Where usage is missing, a text of more than 20 characters a token is over the limit in any language. An answer that says itself
    that the limit cut it may count one token more: the one at which it was cut.
    """
    limit = (answer.asked.max_tokens or 0) * max(answer.asked.n, answer.asked.candidates)
    cuts = sum(choice.finish_reason == "length" for choice in answer.choices) if limit >= _FEW else 0
    reports = [report for report in answer.reply.usages if isinstance(report.value, dict)]
    tokens = reports[-1].value.get("completion_tokens") if reports else None
    if isinstance(tokens, int) and tokens > limit + cuts:
        summed = reports[-1].is_sum("completion_tokens")
        at = reports[-1].pointer if summed else reports[-1].at("completion_tokens")
        received = f"{'counts' if summed else 'is'} {reports[-1].told('completion_tokens')}"
        yield Finding(at, received, f"at most {limit}", reports[-1].event)
    for choice in answer.choices:
        if not reports and len(choice.text) > _LONGEST_TOKEN * (answer.asked.max_tokens or 0):
            received = f"has {len(choice.text)} characters under a limit of {answer.asked.max_tokens} tokens"
            yield Finding(choice.at("content"), received, "at most the limit")


@rule(
    "max_tokens.finish_length",
    over=limited_request,
    severity=Severity.ERROR,
    source=_SOURCE,
    breaks="a cut answer passes for a whole one",
    example='max_tokens 16, completion_tokens 16, finish_reason "stop" in mid-sentence',
    conforming='max_tokens 16, completion_tokens 16, finish_reason "length"',
)
def finish_length(answer: Answer) -> Iterator[Finding]:
    """An answer that took all its tokens and shows no end says 'length'.

    An answer may end by itself on its very last token. So a text counts as cut where it ends in a comma, a colon, a dash, an open
    bracket or a word that ends no sentence ("the", "of", "und"); where its sentence has no closing mark; where its JSON or its code
    fence is open; and where there is none at all. Where stop strings were sent, only the first of these counts.
    """
    used = answer.reply.usages[-1].value if answer.reply.usages else None
    tokens = used.get("completion_tokens") if isinstance(used, dict) else None
    if len(answer.choices) != 1 or tokens != answer.asked.max_tokens:
        return
    choice = answer.choices[0]
    if choice.finish_reason != "stop" or choice.tool_calls or choice.refusal or choice.structured:
        return
    empty = not choice.text.strip() and bool(choice.reasoning)
    cut = ends_in_mid_sentence(choice.text) or (not answer.asked.stop and is_left_open(choice.text))
    if cut or empty:
        raw = choice.raw_finishes[-1][1]
        yield Finding(choice.finish_pointer, f"{shown(raw)} after {tokens} tokens, at {choice.text[-20:]!r}", _CUT)


@rule(
    "max_tokens.no_other_limit",
    over=cut_answer,
    when_seen="an answer that its limit cut, with counts of tokens",
    severity=Severity.WARNING,
    source=_SOURCE,
    breaks="agents ask again and again for the rest of an answer that had room",
    example='max_completion_tokens 4096, completion_tokens 512, finish_reason "length"',
    conforming='max_completion_tokens 4096, completion_tokens 4096, finish_reason "length"',
)
def no_other_limit(result: CutAnswer) -> Iterator[Finding]:
    """An answer is cut at the limit that its request states, not at a default of the server's own.

    A default is a round number: a power of two, or hundreds. Where prompt and answer together fill one, the model's context was full,
    and that is no default.
    """
    if result.by_a_default:
        pointer, event = result.at
        received = f"is 'length' after {result.used} tokens"
        yield Finding(pointer, received, f"{result.limit} tokens, as the request allows", event)
