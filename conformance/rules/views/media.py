"""Whether a request holds a picture, a sound or a file, which may be refused for what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.ask import Image, Other, Result

if TYPE_CHECKING:
    from conformance.wire.case import Case

#: Types of parts that hold one, in any dialect, and members that hold one where parts have no type (Gemini, Converse).
_TYPES: Final = frozenset(
    {"image", "image_url", "input_image", "input_audio", "input_file", "input_video", "file", "document", "video_url"}
)
_MEMBERS: Final = ("inlineData", "inline_data", "fileData", "file_data", "image", "document", "video", "audio")
_DEEPEST: Final = 12


def sends_media(case: Case) -> bool:
    """Whether a turn of a request holds a picture, a sound or a file, also inside of a tool's result."""
    parts = [part for turn in case.asked.turns for part in turn.parts]
    if any(isinstance(part, Image | Other) for part in parts):
        return True
    if not any(isinstance(part, Result) for part in parts):
        return False
    body = case.exchange.request.json
    return any(_holds_media(body.get(name)) for name in ("messages", "input", "contents"))


def _holds_media(value: Any, depth: int = 0) -> bool:  # noqa: ANN401 - any JSON
    if depth > _DEEPEST:
        return False
    if isinstance(value, list):
        return any(_holds_media(item, depth + 1) for item in value)
    if not isinstance(value, dict):
        return False
    if value.get("type") in _TYPES or any(isinstance(value.get(name), dict) for name in _MEMBERS):
        return True
    return any(_holds_media(item, depth + 1) for item in value.values())
