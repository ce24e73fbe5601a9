"""The way before a name: router prefixes, ARNs and resource paths. They tell who serves the model, or who made it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from conformance.knowledge.lifecycle.context import clues, of_prefix, of_resource, variants

_HEAD = re.compile(r"([\w.-]+)([/:])(?=\S)")


@dataclass(frozen=True)
class Route:
    """`bedrock/us.anthropic.claude-v2`: the provider of the first prefix, the name behind it, and the name behind all of them.

    `sure`: the prefix can be nothing but the way to a provider. Before a slash may also stand who made the model
    (`openai/gpt-oss-120b`). `maker` is the provider of the last prefix.
    """

    provider: str | None
    rest: str
    maker: str | None
    name: str
    sure: bool = False


def route_of(text: str) -> Route:
    """Return the way that a text gives, and the name at its end."""
    text = variants().sub("", text) if "/" in text else text
    resource = of_resource(text)
    if resource is not None:
        host, model = resource
        return Route(host, model, host, model, sure=True)
    provider: str | None = None
    maker: str | None = None
    rest, name, sure = text, text, False
    while (head := _HEAD.match(name)) and (named := of_prefix(head[1], scheme=head[2] == ":")):
        name = name[head.end() :]
        maker = named
        if provider is None:
            provider, rest = named, name
            sure = head[2] == ":" or not clues()[named].alone
    return Route(provider, rest, maker, name, sure=sure)
