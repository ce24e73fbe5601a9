"""The parts of a content that is asked with: words, pictures, calls and what functions gave back.

Source: https://ai.google.dev/api/caching#Part (read 2026-11-28), google-genai 3.4.0 types.Part.
"""

from __future__ import annotations

import json
import re
from mimetypes import guess_type
from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.ask import Call, Image, Result, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.wire.dialects.ask import Part, Turn

#: The documented signature of a call that no model of Gemini 3 made: without any its history is refused.
#: https://ai.google.dev/gemini-api/docs/thought-signatures (read 2026-11-28).
UNSIGNED: Final = "skip_thought_signature_validator"
_DATA_URL = re.compile(r"data:([^;,]+);base64,(.*)\Z", re.DOTALL)


def content_of(turn: Turn, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a content. What functions gave back is the user's.

    Args:
        turn: who speaks, and what.
        names: the functions of the conversation's calls, by the call's id.
    """
    role = "model" if turn.role == "assistant" else "user"
    return {"role": role, "parts": [written for part in turn.parts for written in _part(part, names)]}


def response_of(call: object, name: object, content: str, *, failed: bool = False) -> dict[str, Any]:
    """Return what a function gave back. The id of a call that has none is left out."""
    number = {"id": call} if isinstance(call, str) and call else {}
    return {"functionResponse": {**number, "name": name, "response": {"error" if failed else "output": content}}}


def as_object(arguments: str) -> dict[str, Any] | None:
    """Return the object that arguments are, the empty text for none; None where they are no object."""
    try:
        value = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _part(part: Part, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    if isinstance(part, Text):
        yield {"text": part.text}
    elif isinstance(part, Image):
        yield _picture(part.url)
    elif isinstance(part, Call):
        call = {"id": part.id, "name": part.name, "args": as_object(part.arguments)}
        yield {"functionCall": call, "thoughtSignature": UNSIGNED}
    elif isinstance(part, Result):
        name = part.name or names.get(part.id) or part.id
        yield response_of(part.id, name, part.content, failed=part.failed)


def _picture(url: str) -> dict[str, Any]:
    """Return a picture: its bytes in base64, or its address."""
    inline = _DATA_URL.match(url)
    if inline is not None:
        return {"inlineData": {"mimeType": inline[1], "data": inline[2]}}
    kind = guess_type(url.partition("?")[0])[0] or "image/jpeg"
    return {"fileData": {"mimeType": kind, "fileUri": url}}
