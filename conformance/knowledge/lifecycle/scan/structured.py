"""YAML and JSON, by their parser: scalars with their line and the mappings that they stand in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import yaml

from conformance.knowledge.lifecycle.scan import lines
from conformance.knowledge.lifecycle.scan.inside import names_in
from conformance.knowledge.lifecycle.scan.literal import Literal, is_name, qualified
from conformance.wire.yaml_text import refuse_hostile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: The name of a pair that a list holds: `- name: OPENAI_MODEL`, with `value: gpt-4` beside it
_NAMED = re.compile(r"^(?:name|key): (.+)$", re.MULTILINE)
_DEEPEST = 60  # levels; a document that goes deeper is no configuration


#: How a recording of traffic begins (vcrpy, Ruby's VCR): the texts in it are messages, not settings.
_RECORDED = re.compile(r"^(?:http_)?interactions:|^[ \t]*+\{\s*+\"(?:http_)?interactions\"", re.MULTILINE)
_LONGEST = 20_000  # characters of a scalar that may hold a file
#: Nodes that are walked, with every alias written out. A file of the largest size that is read has fewer scalars of its own.
_MOST_NODES = 500_000


class _Page(NamedTuple):
    """A file, and whether it is a recording."""

    source: str
    recorded: bool


class _Frame(NamedTuple):
    """A mapping on the way: its scalar pairs as text, and the key that it stands under."""

    text: str
    key: str


def literals(source: str) -> list[Literal]:
    """Return the scalars of every document: values, items, and keys.

    Raises:
        yaml.YAMLError: the text is none, or must not be composed.
    """
    text = source.replace("\t", " ")  # JSON may indent with tabs
    refuse_hostile(text, _LOADER, most_nodes=_MOST_NODES)
    documents = yaml.compose_all(text, Loader=_LOADER)
    page = _Page(source, _RECORDED.search(source) is not None)
    return [literal for node in documents if node is not None for literal in _walk(node, "", (), page)]


def _walk(node: yaml.Node, key: str, frames: tuple[_Frame, ...], page: _Page) -> Iterator[Literal]:
    if len(frames) > _DEEPEST:
        return
    if isinstance(node, yaml.MappingNode):
        inner = (_Frame(_scalars(node), key), *frames)
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode):
                own = _scalars(value) if isinstance(value, yaml.MappingNode) else ""
                yield from _literal(name, key, (_Frame(own, ""), *inner), page)
                yield from _walk(value, name.value, inner, page)
            else:  # `{{ .Values.model | default "gpt-4" }}`: a template, which YAML takes for a mapping as a key
                yield from _walk(name, key, inner, page)
                yield from _walk(value, key, inner, page)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _walk(item, key, frames, page)
    elif isinstance(node, yaml.ScalarNode):
        yield from _literal(node, key, frames, page)


def _literal(node: yaml.ScalarNode, key: str, frames: tuple[_Frame, ...], page: _Page) -> Iterator[Literal]:
    beside = _NAMED.search(frames[0].text) if frames and key == "value" else None
    key = qualified(key, beside[1] if beside else frames[0].key if frames else "")

    def levels(key: str = key, nearest: Iterable[str] = ()) -> Iterator[str]:
        yield key
        yield from nearest
        for frame in frames:
            yield frame.text
            yield frame.key
        yield page.source

    first = node.start_mark.line + 1
    if page.recorded or len(node.value) > _LONGEST:
        if is_name(node.value):
            yield Literal(node.value, first, key, levels)
        return
    if "\n" in node.value:  # a file within the file: a ConfigMap, a script of a job
        for one in lines.literals(node.value):
            yield Literal(one.text, first + one.line, one.key, lambda one=one: levels(one.key, one.levels()))  # type: ignore[misc]
        return
    for inside in names_in(node.value):
        own = inside.key or key
        yield Literal(inside.name, first, own, lambda own=own: levels(own, (node.value,)))  # type: ignore[misc]


def _scalars(node: yaml.MappingNode) -> str:
    pairs = (
        f"{name.value}: {value.value}"
        for name, value in node.value
        if isinstance(name, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
    )
    return "\n".join(pairs)
