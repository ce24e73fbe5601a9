"""The table of errors as text, Markdown and one HTML page."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, StrictUndefined

from conformance.knowledge.taxonomy import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conformance.report.errors_table import ErrorRow, Known

#: The letter that marks the evidence of a cell: never a colour alone.
MARKS: Final[dict[Known, str]] = {"documented": "D", "recorded": "R", "emulated": "E"}
MEANINGS: Final[dict[Known, str]] = {
    "documented": "the provider's TOML holds the fact, with the page, package or recording as its source",
    "recorded": "a cassette of this project holds the answer",
    "emulated": "our emulator answered so, which is no evidence of the provider",
}
_HEAD = """\
# Errors

How each provider reports a failed request. Made by `conformance errors --format md` from `conformance/providers/*.toml` and the
cassettes; do not edit by hand.

A letter marks the evidence of each entry: {marks}.
"""


def as_text(rows: Iterable[ErrorRow]) -> str:
    """Return one line for each row."""
    listed = [(row.provider, row.error, str(row.status), *_words(row), row.known) for row in rows]
    widths = [max((len(line[column]) for line in listed), default=0) for column in range(3)]
    return "".join(
        f"{provider:{widths[0]}}  {error:{widths[1]}}  {status}  {known:10}  {word}\n"
        for provider, error, status, word, known in listed
    )


def _words(row: ErrorRow) -> tuple[str]:
    """Return the machine-readable words of a row, as one text."""
    return (" ".join(str(word) for word in (row.type, row.code) if word is not None) or "-",)


def as_markdown(rows: Sequence[ErrorRow]) -> str:
    """Return the classes, and a table a provider."""
    marks = "; ".join(f"**{MARKS[known]}** {known}, {meaning}" for known, meaning in MEANINGS.items())
    parts = [_HEAD.format(marks=marks), "## Classes\n", _classes(rows)]
    for provider in dict.fromkeys(row.provider for row in rows):
        parts += [f"## {provider}\n", _provider([row for row in rows if row.provider == provider])]
    return "\n".join(parts)


def _classes(rows: Sequence[ErrorRow]) -> str:
    lines = ["| class | meaning | fault | retry | usual status | providers |", "|---|---|---|---|---|---|"]
    for class_ in CLASSES.values():
        count = len({row.provider for row in rows if row.error == class_.id})
        statuses = ", ".join(map(str, class_.statuses))
        lines.append(
            f"| `{class_.id}` | {class_.says} | {class_.fault} | {retry(class_.retryable)} | {statuses} | {count} |"
        )
    return "\n".join(lines) + "\n"


def _provider(rows: Sequence[ErrorRow]) -> str:
    lines = [
        "| class | status | type | code | body | retry | wait told in | says | known |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        name = (
            f"`{row.error}`"
            + (f" ({row.limit})" if row.limit else "")
            + (f" @{row.dialect}" if row.dialect and row.known == "documented" else "")
        )
        cells = [
            name, str(row.status), _code(row.type), _code(row.code), row.body, retry(row.retryable), row.wait or "-",
            cell(row.message), f"**{MARKS[row.known]}** {link(row.source)}",
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def retry(value: bool | str) -> str:  # noqa: FBT001 - a fact, not a switch
    """Return whether to ask again, as a word."""
    return value if isinstance(value, str) else "yes" if value else "no"


def cell(text: object) -> str:
    """Return text as a cell of a Markdown table takes it, shortened."""
    if text is None:
        return "-"
    line = " ".join(str(text).split())
    line = line if len(line) <= 100 else f"{line[:99]}…"  # noqa: PLR2004 - what a line of a table holds
    return (
        line.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replace("*", "\\*")
        .replace("`", "\\`")
        .replace("_", "\\_")
    )


def _code(value: object) -> str:
    return "-" if value is None else f"`{str(value).replace('|', '/')}`"


def link(source: str) -> str:
    """Return a source as a link, where it begins with one."""
    first = source.split(maxsplit=1)[0].rstrip(";,")
    return f"[source]({first})" if first.startswith("https://") else cell(source)


def as_html(rows: Sequence[ErrorRow]) -> str:
    """Return one page that loads nothing: class x provider, and every row below it."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["retry"] = retry
    template = environment.from_string(
        resources.files("conformance.report").joinpath("errors.html.j2").read_text("utf-8")
    )
    providers = list(dict.fromkeys(row.provider for row in rows))
    squares = {
        (class_, name): [row for row in rows if (row.provider, row.error) == (name, class_)]
        for class_ in CLASSES
        for name in providers
    }
    return template.render(
        classes=CLASSES, providers=providers, squares=squares, rows=rows, marks=MARKS, meanings=MEANINGS
    )
