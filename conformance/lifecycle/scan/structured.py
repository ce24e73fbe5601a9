"""YAML and JSON, by their parser: scalars with their line and the mappings that they stand in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import yaml

from conformance.lifecycle.scan import lines
from conformance.lifecycle.scan.inside import names_in
from conformance.lifecycle.scan.literal import Literal, qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: The name of a pair that a list holds: `- name: OPENAI_MODEL`, with `value: gpt-4` beside it
_NAMED = re.compile(r"^(?:name|key): (.+)$", re.MULTILINE)
_DEEPEST = 60  # levels; a document that goes deeper is no configuration


class _Frame(NamedTuple):
    """A mapping on the way: its scalar pairs as text, and the key that it stands under."""

    text: str
    key: str


def literals(source: str) -> list[Literal]:
    """Return the scalars of every document: values, items, and keys.

    Raises:
        yaml.YAMLError: the text is none.
    """
    documents = yaml.compose_all(source.replace("\t", " "), Loader=_LOADER)  # JSON may indent with tabs
    return [literal for node in documents if node is not None for literal in _walk(node, "", (), source)]


def _walk(node: yaml.Node, key: str, frames: tuple[_Frame, ...], source: str) -> Iterator[Literal]:
    if len(frames) > _DEEPEST:
        return
    if isinstance(node, yaml.MappingNode):
        inner = (_Frame(_scalars(node), key), *frames)
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode):
                own = _scalars(value) if isinstance(value, yaml.MappingNode) else ""
                yield from _literal(name, key, (_Frame(own, ""), *inner), source)
                yield from _walk(value, name.value, inner, source)
            else:  # `{{ .Values.model | default "gpt-4" }}`: a template, which YAML takes for a mapping as a key
                yield from _walk(name, key, inner, source)
                yield from _walk(value, key, inner, source)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _walk(item, key, frames, source)
    elif isinstance(node, yaml.ScalarNode):
        yield from _literal(node, key, frames, source)


def _literal(node: yaml.ScalarNode, key: str, frames: tuple[_Frame, ...], source: str) -> Iterator[Literal]:
    key = qualified(key, (_NAMED.search(frames[0].text) or [""])[-1] if frames and key == "value" else "")
    key = qualified(key, frames[0].key if frames else "")

    def levels(key: str = key, nearest: Iterable[str] = ()) -> Iterator[str]:
        yield key
        yield from nearest
        for frame in frames:
            yield frame.text
            yield frame.key
        yield source

    first = node.start_mark.line + 1
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
