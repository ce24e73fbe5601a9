"""Files of one setting a line (.env, INI, TOML, properties, shell, Dockerfile): `KEY=value` below `[section]`, and `--model value`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.knowledge.lifecycle.scan.inside import names_in
from conformance.knowledge.lifecycle.scan.literal import Literal, branch, has_form_of_id, is_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECTION = re.compile(r"\s*+\[++\s*+([^\]\[]*[^\]\[\s])\s*+\]++\s*+$")
_SETTING = re.compile(
    r"\s*(?:- +)?(?:export\s+|local\s+|readonly\s+|declare\s+(?:-\w+\s+)*|ENV\s+|ARG\s+|set\s+)?([\w.\"'-]+)\s*[=:]\s*(.*)$"
)
_SPACED = re.compile(r"\s*(?:ENV|ARG|LABEL|setenv)\s+(\w+)\s+([^=\s]+)\s*$")  # `ENV OPENAI_MODEL gpt-4`
_PAIR = re.compile(r"(?<![\w.-])([A-Za-z_][\w.-]*)=(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\s\"']+))")
_QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_COMMENT = re.compile(r"(?:^|\s)[#;].*$")
_TOKEN = re.compile(r"(?<![\w./:@$-])[A-Za-z][\w.:@/+-]*[A-Za-z0-9]")


def literals(source: str) -> list[Literal]:
    """Return the values, quoted items of lists, and options that name a model. Comments hold none."""
    return list(_literals(source))


def _literals(source: str) -> Iterator[Literal]:
    lines = [_COMMENT.sub("", line) for line in source.splitlines()]
    bare = "\n".join(lines)
    section, start, key = "", 0, ""
    for number, line in enumerate(lines):
        head = _SECTION.match(line)
        if head and "=" not in line and "," not in line and not is_name(head[1].strip("\"'")):
            section, start, key = head[1], number, ""
            continue
        setting = _SETTING.match(line) or _SPACED.match(line)
        if setting:
            key = setting[1].strip("\"'")
        elif line.strip()[:1] not in {'"', "'", "]", "}", "-", ""}:
            key = ""  # a list goes on over lines, a command does not
        for name, value in dict.fromkeys(_pairs(line, key, setting)):
            near = (name, line, section, branch(lines, number + 1))
            yield Literal(
                value,
                number + 1,
                name,
                lambda near=near, start=start: (*near, _block(lines, start), bare),  # type: ignore[misc]
            )


def _pairs(line: str, key: str, setting: re.Match[str] | None) -> Iterator[tuple[str, str]]:
    """Yield (key, name) of values, of quoted texts, and of the words of a command."""
    pairs = [(own, first or second or third) for own, first, second, third in _PAIR.findall(line)]
    texts = [*pairs, *((key, first or second) for first, second in _QUOTED.findall(line)), ("", line)]
    if setting:
        texts.insert(0, (key, setting[2].strip().rstrip(",").strip("\"'()")))
    taken = set()
    for own, text in texts:
        for inside in names_in(text):
            if inside.name not in taken:
                taken.add(inside.name)
                yield inside.key or own, inside.name
    for token in _TOKEN.findall(_QUOTED.sub(" ", line)):
        if token not in taken and has_form_of_id(token) and is_name(token):
            yield key if setting else "", token


def _block(lines: list[str], start: int) -> str:
    """Return a section: up to the next header."""
    end = next((n for n in range(start + 1, len(lines)) if _SECTION.match(lines[n])), len(lines))
    return "\n".join(lines[start:end])
