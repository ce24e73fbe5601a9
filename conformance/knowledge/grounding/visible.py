"""The visible answer: reasoning and special tokens blanked, quotes unified. Every offset stays what it was."""

from __future__ import annotations

import re

#: Tags around reasoning that is sent as text: DeepSeek, Qwen and others; Magistral; Kimi; Seed (their chat templates, read 2026-11-21).
_NAMES = r"(?:think|thinking|thought|thoughts|reasoning|reflection|scratchpad|seed:think|analysis|inner_monologue)"
_OPEN = rf"(?:<{_NAMES}(?:\s[^<>]*)?>|\[THINK\]|◁think▷|<\|begin_of_thought\|>|<\|START_THINKING\|>)"
_CLOSE = rf"(?:</{_NAMES}>|\[/THINK\]|◁/think▷|<\|end_of_thought\|>|<\|END_THINKING\|>)"
_BORDER = re.compile(rf"(?P<open>{_OPEN})|{_CLOSE}", re.IGNORECASE)
#: Harmony's analysis channel (https://cookbook.openai.com/articles/openai-harmony, read 2026-11-21).
_HARMONY = re.compile(
    r"<\|channel\|>analysis.*?(?:<\|end\|>|(?=<\|start\|>)|(?=<\|channel\|>(?!analysis))|\Z)", re.DOTALL
)
_SPECIAL = re.compile(
    r"<\|channel\|>\s*\w+\s*<\|message\|>|<\|[\w/ ]{1,40}\|>(?:assistant|final)?|</?s>|\[/?INST\]|<(?:start|end)_of_turn>|<eos>|<unk>"
    r"|</?(?:tool_calls?|function_calls?|answer|response|output|final)>"
)
_MARKUP = re.compile(r"\*{1,3}|~~|`+|^[ \t]*(?:#{1,6}[ \t]|>+[ \t]?)|^[ \t]*[-=_]{3,}[ \t]*$", re.MULTILINE)
#: A title of up to three words says nothing of what stands below it.
_HEADING = re.compile(r"^[ \t>*]*#{1,6}[ \t]+[^\s:]+(?:[ \t]+[^\s:]+){0,2}[ \t*]*$", re.MULTILINE)
_FENCE = re.compile(r"^[ \t>*]*(?:```|~~~)[\w+-]*[ \t*]*$", re.MULTILINE)
_UNIFIED = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ＇´′", "'"),
        **dict.fromkeys("“”„‟«»＂「」『』", '"'),
        **dict.fromkeys("‐‑‒", "-"),
        **dict.fromkeys("\u00a0\u202f\u2009\u3000\u200b\ufeff\u00ad\t", " "),
        "：": ":",
        "，": ",",
        "（": "(",
        "）": ")",
    }
)


def without_reasoning(text: str) -> str:
    """Return the answer with its reasoning blanked. Same length.

    What is left unclosed hides the rest; what is closed without an opening was open from the start.
    """
    if "<" not in text and "[" not in text and "◁" not in text:
        return text
    text = _HARMONY.sub(_blank, text) if "<|channel|>analysis" in text else text
    hidden: list[tuple[int, int]] = []
    opened: int | None = None
    for border in _BORDER.finditer(text):
        if border["open"]:
            opened = border.start() if opened is None else opened
        elif opened is None:
            hidden = [(0, border.end())]
        else:
            hidden.append((opened, border.end()))
            opened = None
    if opened is not None:
        hidden.append((opened, len(text)))
    pieces, shown = [], 0
    for start, end in hidden:
        pieces += [text[shown:start], _blanked(text[start:end])]
        shown = end
    return "".join([*pieces, text[shown:]])


def without_emphasis(text: str) -> str:
    """Return the text with emphasis and quotation marks of Markdown blanked, quotes and spaces unified. Same length."""
    return _MARKUP.sub(_blank, text.translate(_UNIFIED))


def without_markup(text: str) -> str:
    """Return plain prose: special tokens, fences, emphasis and short headings blanked, quotes and spaces unified. Same length."""
    text = text.translate(_UNIFIED)
    for pattern in (_SPECIAL, _FENCE):
        text = pattern.sub(_blank, text)
    return _MARKUP.sub(_blank, _HEADING.sub(_blank, text))


def _blank(match: re.Match[str]) -> str:
    return _blanked(match.group())


def _blanked(text: str) -> str:
    """Spaces in place of what is hidden; line breaks stay, for they part sentences."""
    return "".join(["\n" if entry == "\n" else " " for entry in text])
