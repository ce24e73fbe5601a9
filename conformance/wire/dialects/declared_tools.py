"""The tools that a request declares, in any dialect's form, and who runs them: the client, or the provider itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from conformance.wire.dialects.reading import mapping, objects, word

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Types of tools that the client runs itself. Every other one is the provider's.
_CLIENT_S: Final = frozenset({"", "function", "custom"})
#: Types that a provider names and the client runs, and entries that are no tool: Anthropic's shell, editor, computer and memory
#: (https://docs.claude.com/en/docs/agents-and-tools/tool-use/overview, client tools), OpenAI's shells, patches, computer and namespaces,
#: Converse's mark of a cache (read 2026-11-29).
_RUN_BY_THE_CLIENT: Final = re.compile(
    r"(?:bash|text_editor|computer|memory|local_shell|shell|apply_patch|namespace|cachePoint)(?:_|\Z)"
)


def client_tools(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the objects that describe the tools which the client runs, by name."""
    return {word(entry.get("name")): entry for kind, entry in _declared(body) if kind in _CLIENT_S}


def provider_tools(body: dict[str, Any]) -> list[str]:
    """Return the types of the tools that only the provider knows: `web_search`, `googleSearch`, `bash_20250124`."""
    return [kind for kind, _ in _declared(body) if kind not in _CLIENT_S]


def server_tools(body: dict[str, Any]) -> list[str]:
    """Return the types of those that the provider runs itself, between two turns of the model: also what it asks servers of MCP for."""
    served = ["mcp"] if body.get("mcp_servers") else []
    return [*served, *(kind for kind in provider_tools(body) if _RUN_BY_THE_CLIENT.match(kind) is None)]


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
