"""The part of our schemas that a path reaches: through references, alternatives and conditions."""

from __future__ import annotations

from typing import Any, TypeAlias

from conformance.schemas import load_schema, schema_registry

Node: TypeAlias = dict[str, Any]


def opened(node: Node) -> list[Node]:
    """Return a schema with all that it refers to and all that it holds for the same value."""
    nodes = [node]
    for key in ("allOf", "anyOf", "oneOf"):
        for part in node.get(key, ()):
            nodes += opened(part)
    for key in ("then", "else"):
        if key in node:
            nodes += opened(node[key])
    if "$ref" in node:
        nodes += opened(schema_registry().resolver().lookup(node["$ref"]).contents)
    return nodes


def root_of(schema: str) -> list[Node]:
    """Return the opened schema of a file in `schemas/`."""
    return opened(load_schema(schema))


def step(nodes: list[Node], name: str) -> list[Node]:
    """Return the schemas of a member, or of a list's elements for `*`; none where no schema names the member."""
    below = [node.get("items") if name == "*" else node.get("properties", {}).get(name) for node in nodes]
    return [part for inner in below if isinstance(inner, dict) for part in opened(inner)]


def reached(schema: str, steps: tuple[str, ...]) -> tuple[list[Node], list[Node], int]:
    """Walk a path.

    Returns:
        the schemas of the deepest named value, those of its owner, and how many steps were named.
    """
    nodes, owner = root_of(schema), list[Node]()
    for count, name in enumerate(steps):
        below = step(nodes, name)
        if not below:
            return nodes, owner, count
        nodes, owner = below, nodes
    return nodes, owner, len(steps)
