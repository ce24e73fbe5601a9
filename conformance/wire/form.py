"""Forms: a request body of named fields, files among them (multipart/form-data, RFC 7578, read 2026-11-28)."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FORM: Final = "multipart/form-data"
_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?', re.IGNORECASE)
_NAME = re.compile(rb'content-disposition:[^\r\n]{0,1000}?\bname=("[^"]*"|[^\s;"]+)', re.IGNORECASE)
_FILE_NAME = re.compile(rb'content-disposition:[^\r\n]{0,1000}?\bfilename=("[^"]*"|[^\s;"]+)', re.IGNORECASE)


class File(NamedTuple):
    """A file in a form: its name, its media type and its bytes."""

    name: str
    media: str
    content: bytes


class Field(NamedTuple):
    """One field of a form; `name` may end in `[]`, where several fields are one list."""

    name: str
    value: str | File


def write_form(members: Mapping[str, Any]) -> tuple[str, bytes]:
    """Return the content type and the body of a form. The same members make the same bytes.

    Args:
        members: texts, numbers, booleans and files by name; a list becomes a field an item, a mapping JSON text.
    """
    fields = [Field(name, _value(item)) for name, value in members.items() for item in _items(value)]
    drawn = sha256(repr(fields).encode("utf-8", "surrogatepass")).hexdigest()[:24]
    boundary = f"conformance-{drawn}"
    parts = b"".join(_part(field, boundary) for field in fields)
    return f"{FORM}; boundary={boundary}", parts + f"--{boundary}--\r\n".encode()


def read_form(content_type: str, body: bytes) -> list[Field]:
    """Return the fields of a form in their order; none where the body is no form."""
    named = _BOUNDARY.search(content_type)
    if named is None:
        return []
    delimiter = b"\r\n--" + named[1].strip().encode()
    parts = (b"\r\n" + body).split(delimiter)[1:-1]
    return [field for part in parts if (field := _read(part)) is not None]


def text_fields(fields: Iterable[Field]) -> dict[str, Any]:
    """Return the fields that are texts, by name; those whose name ends in `[]` as a list, under the name without it."""
    result: dict[str, Any] = {}
    for name, value in fields:
        if isinstance(value, File):
            continue
        if name.endswith("[]"):
            result.setdefault(name[:-2], []).append(value)
        else:
            result[name] = value
    return result


def _items(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _value(item: object) -> str | File:
    if isinstance(item, str | File):
        return item
    return json.dumps(item)


def _part(field: Field, boundary: str) -> bytes:
    name, value = field
    head = f'--{boundary}\r\ncontent-disposition: form-data; name="{name}"'
    if isinstance(value, File):
        head += f'; filename="{value.name}"\r\ncontent-type: {value.media}'
        return head.encode() + b"\r\n\r\n" + value.content + b"\r\n"
    return head.encode() + b"\r\n\r\n" + value.encode("utf-8", "surrogatepass") + b"\r\n"


def _unquoted(value: bytes) -> str:
    """Return a parameter's value, which stands in quotes or is a token (RFC 2183 2)."""
    return value.strip(b'"').decode("utf-8", "replace")


def _read(part: bytes) -> Field | None:
    head, blank, content = part.partition(b"\r\n\r\n")
    named = _NAME.search(head)
    if not blank or named is None:
        return None
    name, file = _unquoted(named[1]), _FILE_NAME.search(head)
    if file is None:
        return Field(name, content.decode("utf-8", "replace"))
    media = re.search(rb"content-type:\s*([^\r\n]+)", head, re.IGNORECASE)
    return Field(
        name,
        File(_unquoted(file[1]), media[1].decode("latin-1").strip() if media else "", content),
    )
