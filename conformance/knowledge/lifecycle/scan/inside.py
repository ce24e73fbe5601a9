"""Names inside a text that is no name itself: addresses, lists, settings and defaults. Sentences name no model here."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from conformance.knowledge.lifecycle.lookup import heads
from conformance.knowledge.lifecycle.names import without_call
from conformance.knowledge.lifecycle.scan.literal import is_name

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST: Final = 20_000  # characters of one text; what is longer is data
_NAME = r"[A-Za-z@][\w.:@/+-]*\w"
#: The paths of the vendors' APIs that hold a model or a deployment (their references, read 2026-11-28): `/v1/models/NAME`,
#: `/publishers/P/models/NAME:predict`, `/deployments/NAME/chat`, `/engines/NAME/completions`, `/model/NAME/invoke`.
_ADDRESS = re.compile(
    r"(?:/v\d\w{0,20}/(?:[\w{}$.-]+/){0,9}models/|/publishers/[\w{}$.-]+/models/|/deployments/|/engines/|/models/(?=[\w.@-]+:[a-z])"
    r"|/model/(?=[^/\s]+/(?:invoke|converse))|:(?:foundation-model|inference-profile)/)(?P<name>[A-Za-z][\w.:@%-]*)"
)
#: `--model NAME`, `model=NAME`, `"model": "NAME"`, `ANTHROPIC_MODEL: NAME`; also with escaped quotes.
_SETTING = re.compile(
    rf"(?<![\w.-])(?=[\w.-]*(?:model|engine|deployment))(?P<key>[\w.-]++)(?:\\?[\"'])?(?:\s*[=:]\s*|(?<=[a-z])\s+(?=\S+$|\S+\s--))(?:\\?[\"'])?(?P<name>{_NAME})",
    re.IGNORECASE,
)
_OPTION = re.compile(rf"(?<!\S)(?P<key>--?(?=[\w-]*model)[\w-]++|-m)[= ]+[\"']?(?P<name>{_NAME})")
#: `${MODEL:-NAME}`, `{{ .Values.model | default "NAME" }}`
_DEFAULT = re.compile(
    rf"\$\{{(?P<key>[\w.]+)(?::?[-=]|:)(?P<name>{_NAME})\}}|(?<![\w.])([\w.]++)\s*+\|\s*+default\s*+(?:\(\s*+)?[\"']({_NAME})[\"']"
)
#: `FALLBACKS=["gpt-4", "gpt-4o"]`
_LIST = re.compile(r"(?:(?<![\w.-])(?P<key>[\w.-]++)[\"']?\s*+[=:]\s*+)?\[(?P<items>[^\[\]]*)\]")
_ITEM = re.compile(rf"\\?[\"'](?P<name>{_NAME})\\?[\"']")
_BETWEEN = re.compile(r"[,;|\s]+")


class Inside(NamedTuple):
    """A name in a text, with the key that stands before it there, and its line in the text (from 0)."""

    name: str
    key: str = ""
    line: int = 0


def names_in(text: str, *, whole: bool = True) -> list[Inside]:
    """Return the names that a text is made of. `whole`: the text stands for itself, it is no part of a longer one."""
    if whole and is_name(text):
        return [Inside(text)]
    if len(text) > _LONGEST or not _hint().search(text):
        return []
    return list(dict.fromkeys(_inside(text, whole=whole)))


def _inside(text: str, *, whole: bool) -> Iterator[Inside]:
    for match in _ADDRESS.finditer(text):
        before = text[: match.start()].rpartition(" ")[2]
        if "/docs/" not in f"{before}/" and is_name(name := without_call(unquote(match["name"]).rstrip(".:"))):
            yield Inside(name, "model", text.count("\n", 0, match.start()))
    sentence = " " in text.strip() and ":" not in text and "=" not in text
    for pattern in (_OPTION, _DEFAULT) if sentence else (_OPTION, _DEFAULT, _SETTING):
        for match in pattern.finditer(text):
            key, name = (group for group in match.groups() if group is not None)
            if is_name(name):
                yield Inside(name, key, text.count("\n", 0, match.start()))
    for bracket in _LIST.finditer(text):
        for item in _ITEM.finditer(bracket["items"]):
            if is_name(item["name"]):
                yield Inside(
                    item["name"], bracket["key"] or "", text.count("\n", 0, bracket.start("items") + item.start())
                )
    parts = [part for part in _BETWEEN.split(text.strip("[](){} \n")) if part]
    if whole and len(parts) > 1 and all(is_name(part.strip("\"'")) for part in parts):
        yield from (Inside(part.strip("\"'"), "", 0) for part in parts)


@cache
def _hint() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![a-z])(?:{'|'.join(re.escape(head) for head in sorted(heads()))})[-_. :@]?\w", re.IGNORECASE
    )
