"""Changes to a row that must not change its verdict."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conformance.knowledge.grounding.judging import judge
from conformance.knowledge.grounding.rows import answer_from, question_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.knowledge.grounding.model import Judged

Row = dict[str, Any]
_CLOSINGS = {
    "en": "Let me know if you have any other questions!",
    "fr": "N'hésitez pas si vous avez d'autres questions !",
    "de": "Bei weiteren Fragen helfe ich gerne.",
    "es": "No dudes en preguntar si necesitas algo más.",
    "pt": "Qualquer dúvida, fico à disposição.",
    "ru": "Если будут вопросы, обращайтесь!",
    "zh": "如有其他问题，请随时告诉我。",  # noqa: RUF001 - Chinese
    "ja": "ご不明な点がありましたら、お気軽にお尋ねください。",
    "hi": "और कोई प्रश्न हो तो बेझिझक पूछें।",
    "ar": "لا تتردد في طرح أي سؤال آخر.",
}


def _words(row: Row, change: Callable[[str], str]) -> Row:
    return {**row, "response": change(row["response"])}


def other_slug(row: Row) -> Row:
    """Another last path segment, wherever the URL stands."""
    url = row["url"]
    if not url or url.count("/") < 3:
        return row
    other = url.rpartition("/")[0] + "/kq-4417-zebra-lamp"

    def swap(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(url, other)
        if isinstance(value, dict):
            return {key: swap(item) for key, item in value.items()}
        return [swap(item) for item in value] if isinstance(value, list) else value

    return {
        **row,
        "prompt": swap(row["prompt"]),
        "url": other,
        "context": swap(row["context"]),
        "response": swap(row["response"]),
    }


def curly_quotes(row: Row) -> Row:
    """Typographic quotes and apostrophes."""

    def curl(text: str) -> str:
        text = re.sub(r"(?<=\w)'(?=\w)", "\u2019", text)
        return re.sub(r'"([^"\n]*)"', "\u201c\\1\u201d", text)

    return _words(row, curl)


def straight_quotes(row: Row) -> Row:
    """ASCII quotes and apostrophes."""
    table = {**dict.fromkeys("\u2018\u2019", "'"), **dict.fromkeys("\u201c\u201d\u201e", '"')}
    return _words(row, lambda text: text.translate(str.maketrans(table)))


def quoted_block(row: Row) -> Row:
    """Every line as a Markdown quotation."""
    return _words(row, lambda text: "\n".join(f"> {line}" for line in text.split("\n")))


def bold(row: Row) -> Row:
    """Every line in bold."""
    return _words(row, lambda text: "\n".join(f"**{line}**" if line.strip() else line for line in text.split("\n")))


def titled(row: Row) -> Row:
    """A heading before the answer."""
    return _words(row, lambda text: f"## Answer\n\n{text}" if text.strip() else text)


def thought(row: Row) -> Row:
    """A reasoning block before the answer, with a guess in it."""
    return _words(row, lambda text: f"<think>The page is probably about 3 things. I can't open it.</think>\n{text}")


def polite(row: Row) -> Row:
    """A polite last line, in the answer's language."""
    return _words(row, lambda text: f"{text}\n\n{_CLOSINGS[row['language']]}" if text.strip() else text)


CHANGES: tuple[Callable[[Row], Row], ...] = (
    other_slug,
    curly_quotes,
    straight_quotes,
    quoted_block,
    bold,
    titled,
    thought,
    polite,
)


def verdict(row: Row) -> Judged:
    """Judge a row."""
    return judge(question_from(row), answer_from(row["response"]))


def broken(rows: list[Row], change: Callable[[Row], Row]) -> list[tuple[Row, Judged, Judged]]:
    """Return the rows whose label a change alters, with the verdict before and after."""
    found = []
    for row in rows:
        before, after = verdict(row), verdict(change(row))
        if before.label is not after.label:
            found.append((row, before, after))
    return found
