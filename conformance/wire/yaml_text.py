"""YAML of unknown origin, before it is composed: libYAML recurses on the C stack, and aliases grow without bound."""

from __future__ import annotations

from typing import Any, Final

import yaml

#: libYAML's composer recurses on the C stack: 200,000 open brackets end the process (PyYAML 6.0.3, seen 2026-11-21).
MAX_DEPTH: Final = 200
#: Nodes that a document may have, with every alias written out.
MAX_NODES: Final = 10_000_000


class HostileYamlError(yaml.YAMLError):
    """A document that must not be composed. `line` counts from 1."""

    def __init__(self, what: str, line: int) -> None:
        self.what, self.line = what, line
        super().__init__(f"{what} (line {line})")


def refuse_hostile(data: bytes | str, loader: Any, *, most_nodes: int = MAX_NODES) -> None:  # noqa: ANN401 - a PyYAML loader
    """Walk the events of all documents, which needs no recursion, and count what they would grow to.

    Args:
        data: the text.
        loader: the loader class that will compose it.
        most_nodes: how many nodes it may have, with every alias written out.

    Raises:
        HostileYamlError: it is nested too deeply, holds itself, or grows without bound.
        yaml.YAMLError: it is no YAML.
    """
    walk = _Walk()
    for event in yaml.parse(data, Loader=loader):
        walk.take(event)
        if len(walk.open) > MAX_DEPTH:
            raise HostileYamlError(f"over {MAX_DEPTH} levels deep", _line(event))
        if walk.total > most_nodes:
            raise HostileYamlError("its aliases expand without bound", _line(event))


class _Walk:
    """The nodes that are open, with their anchors, and the number of nodes so far with every alias written out."""

    def __init__(self) -> None:
        self.total = 0
        self.open: list[tuple[str | None, int]] = []
        self._sizes: dict[str, int] = {}

    def take(self, event: yaml.Event) -> None:
        """Count one event.

        Raises:
            HostileYamlError: a node holds itself.
        """
        if isinstance(event, yaml.ScalarEvent):
            self._close(event.anchor, self.total)
            self.total += 1
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self.open.append((event.anchor, self.total))
            self.total += 1
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._close(*self.open.pop())
        elif isinstance(event, yaml.AliasEvent):
            if any(event.anchor == anchor for anchor, _ in self.open):
                raise HostileYamlError("a node holds itself by an alias", _line(event))
            self.total += self._sizes.get(event.anchor or "", 0)

    def _close(self, anchor: str | None, before: int) -> None:
        if anchor:
            self._sizes[anchor] = max(self.total - before, 1)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
