"""The turns of a request that somebody sent, in neutral terms: each dialect says where they stand, the parts read alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.wire.dialects.ask import Call, Image, Other, Result, Text, Turn
from conformance.wire.dialects.reading import mapping, objects, text_of, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.wire.dialects.ask import Part, Role

_ROLES: dict[str, Role] = {
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "model": "assistant",
    "chatbot": "assistant",
    "tool": "tool",
    "function": "tool",
}
#: Types of parts that are words, and nothing that we look into.
_SILENT = frozenset({"thinking", "reasoning"})
_FILES = (("inlineData", "inline_data"), ("fileData", "file_data"))
_BYTES = ("inlineData", "inline_data", "fileData", "file_data", "image_url")


def system_turns(*texts: object) -> list[Turn]:
    """Return the turns of system texts that stand beside the conversation; none for one that is empty."""
    return [Turn("system", (Text(text_of(text)),)) for text in texts if text]


def conversation(value: object) -> list[Turn]:
    """Return the turns of a list of messages or items; a lone text is the user's."""
    if isinstance(value, str):
        return [Turn("user", (Text(value),))] if value else []
    return [_turn(item) for item in objects(value)]


def _turn(item: dict[str, Any]) -> Turn:
    kind = word(item.get("type"))
    role = _role(item, kind)
    if role == "tool" or kind.endswith("_call_output"):
        content = item.get("output") if "output" in item else item.get("content")
        number = item.get("tool_call_id") or item.get("call_id")
        name = item.get("name")
        result = Result(word(number), _content(content), name if isinstance(name, str) else None)
        files = (
            (part for part in read_parts(content) if not isinstance(part, Text)) if isinstance(content, list) else ()
        )
        return Turn("tool", (result, *files))
    if kind in {"function_call", "custom_tool_call"}:
        return Turn(
            "assistant", (Call(word(item.get("call_id")), word(item.get("name")), word(item.get("arguments"))),)
        )
    parts = list(read_parts(item.get("content") if "content" in item else item.get("parts")))
    parts.extend(_call(call) for call in objects(item.get("tool_calls")))
    return Turn(role, tuple(parts))


def _role(item: dict[str, Any], kind: str) -> Role:
    """Return who speaks. An unknown role is nobody whose words are a question: the model was given them to read."""
    if item.get("role"):
        return _ROLES.get(str(item["role"]).lower(), "system")
    if "output" in item:
        return "tool"
    return "assistant" if kind == "reasoning" else "user"


def _call(call: dict[str, Any]) -> Call:
    function = mapping(call, "function")
    arguments = function.get("arguments")
    written = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return Call(word(call.get("id")), word(function.get("name")), written)


def read_parts(value: object) -> Iterator[Part]:
    """Yield the parts of a message: a text, a list of typed parts, or one part."""
    if isinstance(value, str):
        yield Text(value)
        return
    for part in objects(value) or objects([value]):
        yield from _read(part)


def _read(part: dict[str, Any]) -> Iterator[Part]:
    kind = word(part.get("type"))
    if kind.endswith("tool_result"):  # a provider's own tools have types of their own
        yield Result(word(part.get("tool_use_id")), _words(part.get("content")), None, bool(part.get("is_error")))
    elif isinstance(part.get("functionResponse"), dict):
        yield _response(part["functionResponse"])
    elif kind == "tool_use" or isinstance(part.get("functionCall"), dict):
        called = mapping(part, "functionCall") or part
        arguments = called.get("args") if "args" in called else called.get("input")
        yield Call(word(called.get("id")), word(called.get("name")), json.dumps(arguments))
    elif (picture := _picture(part)) is not None:
        yield picture
    elif isinstance(part.get("text"), str):
        yield Text(part["text"])
        if kind not in {"", "text", "input_text", "output_text"} or any(name in part for name in _BYTES):
            yield Other(kind)
    elif kind in {"image_url", "input_image", "image"}:
        yield Image(_address(part))
    elif kind not in _SILENT and (kind not in {"", "text"} or any(name in part for name in _BYTES)):
        yield Other(kind)


def _response(answered: dict[str, Any]) -> Result:
    """Return what a function gave back to Gemini: `output` or `error` alone is its text."""
    name, response = answered.get("name"), answered.get("response")
    wrapped = mapping(response)
    failed = wrapped.keys() == {"error"}
    text = wrapped.get("error" if failed else "output") if len(wrapped) == 1 else None
    content = text if isinstance(text, str) else _content(response)
    return Result(word(answered.get("id")), content, name if isinstance(name, str) else None, failed)


def _picture(part: dict[str, Any]) -> Image | None:
    """Return a picture that Gemini is given: its bytes, or a file's address; None for another part."""
    inline, file = ((mapping(part, camel) or mapping(part, snake)) for camel, snake in _FILES)
    kind = _kind_of(inline) or _kind_of(file)
    if not kind.startswith("image/"):
        return None
    if inline:
        return Image(f"data:{kind};base64,{word(inline.get('data'))}")
    return Image(word(file.get("fileUri")) or word(file.get("file_uri")))


def _kind_of(blob: dict[str, Any]) -> str:
    return word(blob.get("mimeType")) or word(blob.get("mime_type"))


def _address(part: dict[str, Any]) -> str:
    """Return where a picture is; bytes that stand in the request (Anthropic's `source`) are an address too."""
    value, source = part.get("image_url"), mapping(part, "source")
    if source.get("type") == "base64":
        return f"data:{word(source.get('media_type'))};base64,{word(source.get('data'))}"
    return word(value) or word(mapping(value).get("url")) or word(source.get("url"))


def _content(value: object) -> str:
    """Return what a tool gave back as text: an object stays JSON, so that an error in it can still be read."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, dict) else text_of(value)


def _words(value: object) -> str:
    """Return the words of a tool result made of blocks: texts, titles and addresses, and no bytes."""
    return "\n".join(_texts(value))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        media = value.get("media_type", "text/")
        plain = isinstance(media, str) and media.startswith("text/")
        for key, item in value.items():
            if key in {"text", "title", "content", "url", "source"} or (key == "data" and plain):
                yield from _texts(item)
