"""The tools that a request declares, in any dialect's form, and whose they are: the client's, or the provider's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.reading import mapping, objects, word

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Types of tools that the client runs itself. Every other one is the provider's.
_CLIENT_S: Final = frozenset({"", "function", "custom"})


def client_tools(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the objects that describe the tools which the client runs, by name."""
    return {word(entry.get("name")): entry for kind, entry in _declared(body) if kind in _CLIENT_S}


def provider_tools(body: dict[str, Any]) -> list[str]:
    """Return the types of the tools that the provider runs itself, between two turns of the model: `web_search`, `googleSearch`."""
    return [kind for kind, _ in _declared(body) if kind not in _CLIENT_S]


def _declared(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the type of each tool, and the object that names and describes it."""
    for tool in [*objects(body.get("tools")), *objects(mapping(body, "toolConfig").get("tools"))]:
        several = objects(tool.get("functionDeclarations")) or objects(tool.get("function_declarations"))
        inner = mapping(tool, "function") or mapping(tool, "toolSpec") or tool
        kind = word(tool.get("type"))
        if several:
            yield from (("", entry) for entry in several)
        elif kind or "name" in inner:
            yield kind, inner
        else:
            yield next(iter(tool), "without a name"), tool
