"""Files of one setting a line (.env, INI, TOML, properties, shell, Dockerfile): `KEY=value` below `[section]`, and `--model value`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.lifecycle.scan.literal import Literal, is_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECTION = re.compile(r"\s*\[+\s*([^\]\[]+?)\s*\]+\s*$")
_SETTING = re.compile(r"\s*(?:export\s+|ENV\s+|ARG\s+|set\s+)?([\w.\"-]+)\s*[=:]\s*(.*)$")
_OPTION = re.compile(r"--?([\w-]*model[\w-]*)[= ]+[\"']?([^\s\"']+)")
_QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_COMMENT = re.compile(r"(?:^|\s)[#;].*$")


def literals(source: str) -> list[Literal]:
    """Return the values, quoted items of lists, and options that name a model. Comments hold none."""
    return list(_literals(source))


def _literals(source: str) -> Iterator[Literal]:
    lines = [_COMMENT.sub("", line) for line in source.splitlines()]
    bare = "\n".join(lines)
    section, start, key = "", 0, ""
    for number, line in enumerate(lines):
        head = _SECTION.match(line)
        if head and "=" not in line:
            section, start, key = head[1], number, ""
            continue
        setting = _SETTING.match(line)
        if setting:
            key = setting[1].strip('"')
        values = [first or second for first, second in _QUOTED.findall(line)]
        if setting and not values:
            values = [setting[2].strip().rstrip(",")]
        pairs = [(key, value) for value in values] + _OPTION.findall(line)
        for name, value in dict.fromkeys(pairs):
            if is_name(value):
                near = (line, name, section)
                yield Literal(
                    value,
                    number + 1,
                    name,
                    lambda near=near, start=start: (*near, _block(lines, start), bare),  # type: ignore[misc]
                )


def _block(lines: list[str], start: int) -> str:
    """Return a section: up to the next header."""
    end = next((n for n in range(start + 1, len(lines)) if _SECTION.match(lines[n])), len(lines))
    return "\n".join(lines[start:end])
