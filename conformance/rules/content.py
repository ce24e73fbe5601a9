"""The text of an answer: there, whole, and readable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.rules.table import Finding, Severity, rule, shown
from conformance.rules.views.chat import Answer, answer, ended_answer
from conformance.rules.views.markup import RUN_TOGETHER, Said, said
from conformance.rules.views.prompted import ABOUT_CHARACTERS, ABOUT_TOKENS, DIALOGUE, EMPTY_ASKED
from conformance.rules.views.repeated_unit import repeated_unit
from conformance.rules.views.repeats import asks_for_repeats
from conformance.rules.views.writing_systems import Scripts, scripts
from conformance.wire.dialects.families import CHAT, COMPLETIONS, READ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.reply import Choice

_CHAT = "https://platform.openai.com/docs/api-reference/chat/object"
_SURROGATE = re.compile("[\ud800-\udfff]")
#: GPT-2's byte-level alphabet writes a space as Ġ, a line feed as Ċ and the first bytes of accented letters as Ã or â.
#: Two of Ġ or Ċ directly before a letter do not occur in Maltese, the one language that writes ġ and ċ.
_BYTE_LEVEL = re.compile(r"(?:[ĠĊ][A-Za-z]+){2}|[A-Za-z]Ġ[A-Za-z]|Ċ{2}|(?:âĢ|ÃĤ)")
#: Control tokens of chat templates: `<|name|>` (ChatML, Llama 3, Harmony, Phi), sentence and turn marks (SentencePiece, Gemma),
#: Mistral's brackets, DeepSeek's full-width bars, MiniMax's `]<]name[>[`. Sources: the public templates and tokenizers.
_CONTROL_TOKEN = re.compile(
    r"<[|｜][\w▁. -]{1,40}[|｜]>|\[\|[a-z_]{3,20}\|\]|<(?:start|end)_of_turn>|<(?:eos|bos|pad|unk)>"
    r"|</?(?:turn|channel|tool_call|tool)\|>|<\|(?:turn|channel|tool)>"
    r"|\[/?(?:INST|ARGS|TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS|SYSTEM_PROMPT)\]|<</?SYS>>|<unused\d+>|(?:\[PAD\]\s*){2,}"
    r"|</?(?:tool_(?:response|result|output)s?|function_(?:results?|response|output)s?)>|<tools>\s*[\[{]"
    r"|\]<\][a-z_ ]{1,40}\[>\[",
)
#: SentencePiece's sentence marks, where no HTML stands beside them.
_SENTENCE_MARK = re.compile(r"\A\s*<s>|</s>")
_HTML = re.compile(r"</?(?:p|div|b|i|u|br|li|ul|span|html|body|td|tr|del|strong|em|h\d)\b", re.IGNORECASE)
#: Turns that a detokeniser left without their marks: a role alone on the first line, or a next turn of the user and its answer.
_ROLE_TURNS = re.compile(
    r"\A(?:assistant|model)\n++(?=\S)|\AObservation: ?(?=\S)|(?:\A|[.!?\n])(?:user|human)\n+[^\n]+?\n*(?:assistant|model)\n"
    r"|\n(?:Human|User|H)\s?: [^\n]++\n++(?:Assistant|AI|A)\s?: |\n\nHuman: ?(?=\S|\Z)"
    r"|\n#{2,3} ?(?:Instruction|Input|Human|User):?[^\S\n]*+\n(?:.|\n){0,400}?#{2,3} ?(?:Response|Assistant):"
)
#: One of these stands in every such turn: at the beginning, or anywhere.
_ROLE_FIRST = ("assistant\n", "model\n", "Observation:")
_ROLE_SIGNS = ("user\n", "human\n", "\nH", "\nUser", "\n##")


#: Share of the output tokens from which on reasoning used the budget up: the rest is the markup around it.
_NEARLY_ALL = 0.9
#: Ends with which a turn may be empty.
#: "incomplete" is Responses' status, where the body does not say why.
_EMPTY_ENDS = frozenset({"length", "content_filter", "incomplete", "cancelled"})
#: Ollama answers a request without a prompt, which loads or unloads a model, with ends of its own (docs/api.md, "Load a model", read
#: 2026-11-28).
_LOAD_ENDS = frozenset({"load", "unload"})


@rule(
    "content.string_or_null",
    over=answer,
    dialects=CHAT,
    severity=Severity.ERROR,
    source=f"{_CHAT} (read 2026-11-21)",
    breaks="openai-python 3.52.0 returns the list as it is; joining it to a str is a TypeError",
    example='{"message": {"content": [{"type": "text", "text": "Hi"}]}}',
    conforming='{"message": {"content": "Hi"}}',
    by_schema=True,
)
def string_or_null(answer: Answer) -> None:
    """`content` is a string or null."""


@rule(
    "content.nonempty_completion",
    over=ended_answer,
    dialects=READ - COMPLETIONS,  # a text that is whole has no end to add
    severity=Severity.ERROR,
    source=f"{_CHAT} (read 2026-11-21): content, tool_calls or refusal",
    breaks="agent loops end, or ask again for ever, on an empty turn",
    example='{"message": {"content": ""}, "finish_reason": "stop"}',
    conforming='{"message": {"content": "Paris."}, "finish_reason": "stop"}',
)
def nonempty_completion(answer: Answer) -> Iterator[Finding]:
    """A turn that ended by itself has text, a tool call or a refusal, unless its prompt asks for nothing."""
    for choice in answer.choices:
        loaded = choice.finish_reason in _LOAD_ENDS and not answer.asked.prompt
        if loaded or choice.finish_reason in _EMPTY_ENDS or not _is_empty(choice) or answer.stopped_at_once:
            continue
        if EMPTY_ASKED.search(answer.asked.prompt):
            continue
        reasoned = " but reasoning" if choice.reasoning else ""
        received = f"has no text, tool call or refusal{reasoned} (finish_reason {choice.finish_reason!r})"
        yield Finding(choice.pointer, received, "an answer", choice.finishes[-1][0])


@rule(
    "content.nonempty_when_cut",
    over=ended_answer,
    severity=Severity.WARNING,
    source="https://platform.openai.com/docs/guides/reasoning (read 2026-11-21): a cut reasoning answer may have no visible text",
    breaks="structured-output clients parse an empty string",
    example='{"message": {"content": "", "reasoning_content": "..."}, "finish_reason": "length"}',
    conforming='{"message": {"content": "The capital of"}, "finish_reason": "length"}',
)
def nonempty_when_cut(answer: Answer) -> Iterator[Finding]:
    """A turn that the token limit cut has text, unless the limit was tiny, or reasoning took it."""
    tiny = answer.asked.max_tokens is not None and answer.asked.max_tokens < 64  # noqa: PLR2004 - a probe's own cut
    for choice in answer.choices:
        if choice.finish_reason == "length" and _is_empty(choice) and not tiny and not _reasoned_away(answer):
            yield Finding(
                choice.pointer,
                "has no text although the answer was cut for length",
                "some text",
                choice.finishes[-1][0],
            )


def _reasoned_away(answer: Answer) -> bool:
    """Whether reasoning took nearly all of the output, so that no budget was left for text.

    Usage says so; or it has no such count, the answer shows its thoughts, and the limit of the request is used up. An answer that a
    program reads is held to more: what it parses is not there.
    """
    usage = answer.reply.usages[-1].value if answer.reply.usages else None
    details = usage.get("completion_tokens_details") if isinstance(usage, dict) else None
    reasoned = details.get("reasoning_tokens") if isinstance(details, dict) else None
    if reasoned is None and isinstance(usage, dict):
        reasoned = usage.get("reasoning_tokens")  # Together counts them there (recorded, 2026-11-30)
    total = usage.get("completion_tokens") if isinstance(usage, dict) else None
    if not isinstance(total, int):
        return False
    if isinstance(reasoned, int):
        return reasoned >= _NEARLY_ALL * total > 0
    limit = answer.asked.max_tokens
    used_up = limit is not None and total >= limit and answer.asked.response_format is None
    return used_up and all(choice.reasoning for choice in answer.choices)


def _is_empty(choice: Choice) -> bool:
    return not (choice.text.strip() or choice.tool_calls or choice.refusal or choice.structured)


@rule(
    "content.text_integrity",
    over=said,
    severity=Severity.ERROR,
    source="https://www.unicode.org/faq/utf_bom.html (read 2026-11-21); openai/tiktoken's GPT-2 byte alphabet",
    breaks="the user sees � or Ġ for characters that were cut between two tokens",
    example='{"content": "caf\\ufffd"}',
    conforming='{"content": "café"}',
)
def text_integrity(said: Said) -> Iterator[Finding]:
    """Text holds no U+FFFD, no lone surrogate, no byte-level symbol and no UTF-8 that was decoded as Windows-1252.

    What the prompt holds too, or asks about, is quoted, not broken. At the very end of a text that the token limit cut, half a
    character is the tokenizer's, and left alone.
    """
    for choice, field, text in said.texts:
        if text.isascii():
            continue
        where = choice.at(field)
        cut = choice.finish_reason == "length"
        body = text.rstrip("\ufffd") if cut else text
        if "\ufffd" in body and "\ufffd" not in said.asked.prompt and not ABOUT_CHARACTERS.search(said.asked.prompt):
            at = body.index("\ufffd")
            yield Finding(
                where, f"has U+FFFD in {shown(body[max(0, at - 10) : at + 10]).removeprefix('is ')}", "whole characters"
            )
        surrogate = _SURROGATE.search(text)
        if surrogate is not None:
            yield Finding(where, f"has the lone surrogate U+{ord(surrogate[0]):04X}", "whole characters")
        double = twice_encoded(text)
        if double and double not in said.asked.prompt:
            yield Finding(where, f"has UTF-8 decoded as Windows-1252: {double[:20]!r}", "text decoded once")
        match = _BYTE_LEVEL.search(text)
        if match and match[0] not in said.asked.prompt:
            yield Finding(where, f"has byte-level symbols {match[0]!r}", "decoded text")


_HALF_OF_A = "\u00c3 "
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")


def twice_encoded(text: str) -> str | None:
    """Return the first of a text's non-ASCII runs if all of them read as UTF-8 when taken as Windows-1252 bytes (é as Ã©).

    The second byte of à is a space that does not break, and often became one that does: it counts beside other such runs.
    """
    runs = [run for run in _NON_ASCII.findall(text.replace(_HALF_OF_A, "")) if run]
    for run in runs:
        try:
            run.encode("cp1252").decode("utf-8")
        except UnicodeError:
            return None
    return runs[0] if runs else None


@rule(
    "content.no_special_tokens",
    over=said,
    severity=Severity.ERROR,
    source="public chat templates (ChatML, Llama 3, Harmony, Gemma, Mistral, DeepSeek), read 2026-11-21",
    breaks="the user sees the template; replayed as history it changes the conversation",
    example='{"content": "Sure.<|im_end|>"}',
    conforming='{"content": "Sure."}',
)
def no_special_tokens(said: Said) -> Iterator[Finding]:
    """Text, reasoning and tool-call names hold no control token of a chat template, and no turn of another role.

    Inside code and where the prompt itself holds such a token or asks about them, it is quoted and left alone. A prompt that speaks
    of dialogues, roles or examples is a reason for turns.
    """
    prompt = said.asked.prompt  # it is long, and looked through last
    for choice, field, text in [*said.prose, *_thoughts(said)]:
        match = _CONTROL_TOKEN.search(text) or RUN_TOGETHER.match(text) or _sentence_mark(text, prompt)
        if match is None and field == "content":
            match = _role_turns(text, prompt)
        if match is None:
            continue
        if _CONTROL_TOKEN.search(prompt) or "</s>" in prompt or ABOUT_TOKENS.search(prompt):
            return
        yield Finding(choice.at(field), f"holds {shown(match[0][:40]).removeprefix('is ')}", "plain text")


def _role_turns(text: str, prompt: str) -> re.Match[str] | None:
    """Find turns of another role; none where the prompt gives a reason for them."""
    if not (text.startswith(_ROLE_FIRST) or any(sign in text for sign in _ROLE_SIGNS)):
        return None
    match = _ROLE_TURNS.search(text)
    return match if match is not None and not DIALOGUE.search(prompt) else None


def _thoughts(said: Said) -> Iterator[tuple[Choice, str, str]]:
    choices = {id(choice): choice for choice, _, _ in said.texts}
    yield from ((choice, "reasoning", choice.reasoning) for choice in choices.values() if choice.reasoning)


def _sentence_mark(text: str, prompt: str) -> re.Match[str] | None:
    """Find a sentence mark that no HTML explains: `<s>` strikes text through there."""
    match = _SENTENCE_MARK.search(text) if "s>" in text else None
    if match is None or _HTML.search(text) or re.search(r"html|markup|web ?page", prompt, re.IGNORECASE):
        return None
    return match


@rule(
    "content.no_garble",
    over=scripts,
    severity=Severity.WARNING,
    source="https://github.com/vllm-project/vllm/issues/42714 (read 2026-11-21); Unicode script property, UAX #24 (read 2026-11-21)",
    breaks="nothing: the answer is noise, and only a reader would see it",
    example='{"content": "มนุษย์)).orthand 撒 にく Jwt مرحبا"}',
)
def no_garble(result: Scripts) -> Iterator[Finding]:
    """Text does not mix, on one line, two or more scripts that its prompt does not use.

    Latin counts for none. Items of a list or table (commas, colons, brackets, quotes) are a translation and left alone, unless
    letters of such a script touch Latin ones. Noise in one script only is not seen.
    """
    for choice, names in result.foreign:
        yield Finding(choice.at("content"), f"mixes the scripts {', '.join(sorted(names))}", "one language")


@rule(
    "content.no_runaway_repetition",
    over=answer,
    severity=Severity.WARNING,
    source="degenerate decoding: Holtzman et al., https://arxiv.org/abs/1904.09751 (read 2026-11-21)",
    breaks="nothing: the answer is a loop up to its token limit",
    example="one clause forty times over",
)
def no_runaway_repetition(answer: Answer) -> Iterator[Finding]:
    """Text, reasoning and arguments do not end in one short passage repeated over and over, nor in white space without end.

    Looks for a passage of 6 to 200 characters with at least 3 different letters that fills the last 400 characters at least 8
    times over (or of up to 1000 characters, 4 times), for 1 to 5 characters that fill more than half of the text at least 41 times
    over, for lines that differ in their numbers alone where the limit cut the answer, and for 100 characters of white space at the end.
    A text of a prompt that asks for it several times is left alone.
    """
    for choice in answer.choices:
        cut = choice.finish_reason == "length"
        texts = [("content", choice.text), ("reasoning", choice.reasoning)]
        texts += [(f"{call.pointer}/{call.paths.arguments}", call.arguments) for call in choice.tool_calls]
        for field, text in texts:
            unit = repeated_unit(text, cut=cut)
            if unit is not None and not asks_for_repeats(answer.asked.prompt, unit, often=True):
                received = f"ends in {shown(unit, 40).removeprefix('is ')} over and over"
                yield Finding(choice.at(field), received, "an end")
