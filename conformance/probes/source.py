"""YAML with line numbers: `file:line` for every problem, and only values that JSON has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from conformance.errors import UnusableInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

KeyPath: TypeAlias = "Sequence[str | int]"


class _Loader(yaml.SafeLoader):
    """YAML without dates: an unquoted 2026-11-21 in a prompt stays text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class Source:
    """One YAML file: its value, and the line of each part.

    Raises:
        UnusableInputError: the file cannot be read, is no YAML, or has a key twice.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_text("utf-8")
            loader = _Loader(text)
            self._root = loader.get_single_node()
            _refuse_twice(self._root, path)
            # Building resolves merge keys in place, so lines are looked up in the nodes as built.
            self.value: Any = None if self._root is None else loader.construct_document(self._root)
        except OSError as error:
            raise UnusableInputError(f"cannot be read: {error.strerror}", where=path) from error
        except UnicodeDecodeError as error:
            raise UnusableInputError(f"not UTF-8: {error.reason}", where=path, remedy="save it as UTF-8") from error
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            where = f"{path}:{mark.line + 1}" if mark else str(path)
            raise UnusableInputError(f"not YAML: {error.problem}", where=where, remedy="correct the line") from error
        except yaml.YAMLError as error:
            raise UnusableInputError(f"not YAML: {error}", where=path) from error

    def where(self, key: KeyPath) -> str:
        """Return `file:line` of a key, or of the nearest part around it."""
        node, line = self._root, 1
        for step in key:
            child = next((pair for pair in _children(node) if pair[0] == step), None)
            if child is None:
                break
            _, line, node = child
        return f"{self.path}:{line}"


def _children(node: yaml.Node | None) -> Iterator[tuple[str | int, int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, key.start_mark.line + 1, value) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from ((at, item.start_mark.line + 1, item) for at, item in enumerate(node.value))


def _refuse_twice(node: yaml.Node | None, path: Path, seen: frozenset[int] = frozenset()) -> None:
    """Refuse a key that one mapping holds twice: PyYAML keeps the last without a word."""
    if node is None or id(node) in seen:
        return
    names: set[str] = set()
    for name, line, child in _children(node):
        if isinstance(name, str) and name != "<<":
            if name in names:
                raise UnusableInputError(
                    f"the key {name!r} is given twice", where=f"{path}:{line}", remedy="remove one"
                )
            names.add(name)
        _refuse_twice(child, path, seen | {id(node)})
