"""Which recorder wrote a file, told from its beginning: by the keys it holds, never by its name."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Format: TypeAlias = Literal["vcrpy", "ruby-vcr", "har", "jsonl"]

#: A recording's telling key stands near its beginning; more than this is never read to find it.
HEAD = 256 * 1024

_YAML_KEY = re.compile(rb"^[\"']?(?P<key>http_interactions|interactions)[\"']?[ \t]*:", re.MULTILINE)
#: The first member of a JSON document that is no plain value, or any one on a line of its own.
_PLAIN_MEMBER = rb'"[^"\\]*"\s*:\s*(?:"[^"\\]*"|[-+.\w]+)\s*,\s*'
_JSON_KEY = re.compile(
    rb'\A\s*\{\s*(?:%b){0,20}"(?P<key>log|http_interactions|interactions)"\s*:' % _PLAIN_MEMBER
    + rb'|^[ \t]*"(?P<own_line>log|http_interactions|interactions)"\s*:\s*[\[{]\s*$',
    re.MULTILINE,
)
_JSON_LINE = re.compile(rb'^[ \t]*\{.*?(?<!\\)"(?:request|response)"[ \t]*:[ \t]*[{n]', re.MULTILINE)
_FORMATS: dict[bytes, Format] = {b"http_interactions": "ruby-vcr", b"interactions": "vcrpy", b"log": "har"}


def sniff(head: bytes) -> Format | None:
    """Return the format of a file by its first `HEAD` bytes; None where it is no recording that we know."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    if not is_json(head):
        found = _YAML_KEY.search(head)
        return _FORMATS[found["key"]] if found else None
    found = _JSON_KEY.search(head)
    if found:
        return _FORMATS[found["key"] or found["own_line"]]
    return "jsonl" if _JSON_LINE.search(head) else None


def is_json(head: bytes) -> bool:
    """Whether a document is JSON rather than YAML."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"
