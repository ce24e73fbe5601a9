"""WireMock's stub mappings: one of them, or a list below `mappings` (wiremock.org/docs/stubbing, read 2026-11-28)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from conformance.recording.importers.beside import NotThere, read_beside
from conformance.recording.importers.pairs import read_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.recording.malformed import Malformed
    from conformance.wire.exchange import Exchange

_URLS: Final = ("url", "urlPath", "urlPattern", "urlPathPattern", "urlPathTemplate")
#: The folder of bodies, beside that of the stubs.
FILES: Final = "__files"
#: A body with such marks is filled in when it is served: nobody answered with it as it stands.
_TEMPLATE: Final = "response-template"
_MARK: Final = "{{"
_STUBS: Final = "mappings"
_NAMED: Final = re.compile(r"bodyFileName[\"']?\s*:\s*[\"']?([^\"'\r\n,}]+)")


def claims(document: Any) -> bool:  # noqa: ANN401 - any JSON or YAML
    """Whether a document is a stub mapping, or a list of them."""
    return any(map(_is_mapping, _mappings(document)))


def read(document: Any, source: str) -> Iterator[Exchange | Malformed]:  # noqa: ANN401 - any JSON or YAML
    """Yield what each mapping asks and answers. A stub has no session: it says what would be answered."""
    yield from read_pairs((_pair(mapping, source) for mapping in _mappings(document)), source, ("mappings",))


def bodies_below(folder: Path) -> frozenset[Path]:
    """Return the bodies in a folder of them that a stub beside it names: they are parts of stubs, and are read with them."""
    stubs = (path for path in sorted((folder.parent / _STUBS).rglob("*")) if path.is_file())
    texts = (path.read_text("utf-8", "replace") for path in stubs)
    return frozenset(folder / name.strip() for text in texts for name in _NAMED.findall(text))


def _mappings(document: Any) -> list[Any]:  # noqa: ANN401
    if not isinstance(document, dict):
        return []
    listed = document.get("mappings")
    return listed if isinstance(listed, list) else [document]


def _is_mapping(value: Any) -> bool:  # noqa: ANN401
    if not isinstance(value, dict) or not isinstance(value.get("request"), dict):
        return False
    answered = value.get("response")
    stub = isinstance(answered, dict) and bool({"jsonBody", "bodyFileName", "base64Body", "body"} & answered.keys())
    patterns = {"bodyPatterns", "urlPattern", "urlPath", "urlPathPattern"} & value["request"].keys()
    relative = str(value["request"].get("url", "")).startswith("/")
    return stub and bool(patterns or relative)


def _pair(mapping: Any, source: str) -> Any:  # noqa: ANN401
    if not _is_mapping(mapping):
        return mapping
    asked, answered = mapping["request"], mapping["response"]
    url = next((asked[name] for name in _URLS if isinstance(asked.get(name), str)), "")
    response: dict[str, Any] = {"status": answered.get("status", 200), "headers": answered.get("headers")}
    if "jsonBody" in answered:
        response["body"] = answered["jsonBody"]
    elif isinstance(answered.get("base64Body"), str):
        response["body"] = f"base64:{answered['base64Body']}"
    elif isinstance(answered.get("bodyFileName"), str):
        response["body"] = _file(source, answered["bodyFileName"])
    else:
        response["body"] = answered.get("body")
    template = _TEMPLATE in (answered.get("transformers") or ()) and _MARK in str(response["body"])
    return {
        "request": {"method": asked.get("method"), "url": url, "body": _asked_body(asked)},
        "response": None if template else response,
    }


def _asked_body(asked: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return the body that a stub waits for, where it states one whole."""
    for pattern in asked.get("bodyPatterns") or ():
        wanted = pattern.get("equalToJson", pattern.get("equalTo")) if isinstance(pattern, dict) else None
        if wanted is not None:
            return wanted if isinstance(wanted, str) else json.dumps(wanted)
    return None


def _file(source: str, name: str) -> bytes | NotThere:
    """Return a body from the folder `__files` beside `mappings`."""
    bodies = (read_beside(folder / FILES, name) for folder in Path(source).parents[:3])
    return next((body for body in bodies if isinstance(body, bytes)), NotThere(f"{FILES}/{name}"))
