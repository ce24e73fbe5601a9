"""YAML of unknown origin: read fast, with line numbers, as plain data only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

try:  # libYAML reads a cassette of 50 interactions in 34 ms, pure Python in 2.1 s
    from yaml import CSafeLoader as _Base
except ImportError:  # pragma: no cover - PyYAML without libYAML
    from yaml import SafeLoader as _Base  # type: ignore[assignment]

from conformance.errors import UnusableInputError
from conformance.wire.yaml_text import HostileYamlError, refuse_hostile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class _PlainLoader(_Base):
    """Safe loading in which a foreign tag (`!ruby/...`, `!!python/...`) stands for the plain data under it."""


def _plain(loader: _PlainLoader, suffix: str, node: yaml.Node) -> Any:  # noqa: ANN401, ARG001 - PyYAML's signature
    if isinstance(node, yaml.MappingNode):
        value: Any = loader.construct_mapping(node, deep=True)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    return _made_of(value) if "python/object" in node.tag else value


def _made_of(value: Any) -> Any:  # noqa: ANN401 - any YAML
    """Return what a pickled object was made of: `istr` of its text, `BytesIO` of its bytes, `iter` of its list."""
    if isinstance(value, dict):
        value = value.get("state") or value.get("args") or value
    return value[0] if isinstance(value, (list, tuple)) and value else value


_PlainLoader.add_constructor("!binary", yaml.SafeLoader.yaml_constructors["tag:yaml.org,2002:binary"])  # Ruby's Psych
_PlainLoader.add_multi_constructor("", _plain)
# A date in a body is text: JSON has no other.
_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Base.yaml_implicit_resolvers.items()
}


def read_yaml(data: bytes, path: str | Path) -> Any:  # noqa: ANN401 - any YAML
    """Return the one document; None for an empty text.

    Raises:
        UnusableInputError: it is no YAML, is nested too deeply, grows without bound, or there are several.
    """
    documents = read_yamls(data, path)
    if len(documents) > 1:
        raise UnusableInputError(f"holds {len(documents)} YAML documents", where=path, remedy="keep one a file")
    return documents[0] if documents else None


def read_yamls(data: bytes, path: str | Path) -> list[Any]:
    """Return the documents, which lines of `---` part.

    Raises:
        UnusableInputError: one is no YAML, is nested too deeply, or grows without bound.
    """
    try:
        refuse_hostile(data, _PlainLoader)
        return list(yaml.load_all(data, Loader=_PlainLoader))
    except HostileYamlError as error:
        raise _broken(error.what, path, error.line) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise _broken(error.problem or "no YAML", path, line) from error
    except yaml.reader.ReaderError as error:
        line = data[: error.position].count(b"\n") + 1
        raise _broken(f"{error.reason} (position {error.position})", path, line) from error
    except (ValueError, RecursionError) as error:  # a `!!binary` that is no base64, a `!!int` that is no number
        raise _broken(str(error), path, 1) from error


def line_of(data: bytes, keys: Sequence[str | int]) -> int:
    """Return the line of a key in a readable document, or of the nearest node around it. Slow: for messages."""
    try:
        node = yaml.compose(data, Loader=_PlainLoader)
    except yaml.YAMLError:
        return 1
    line = 1
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            pair = next(((name, value) for name, value in node.value if name.value == key), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            pair = (node.value[key], node.value[key])
        else:
            pair = None
        if pair is None:
            break
        line, node = pair[0].start_mark.line + 1, pair[1]
    return line


def _broken(what: str, path: str | Path, line: int) -> UnusableInputError:
    return UnusableInputError(f"not YAML: {what}", where=f"{path}:{line}", remedy="record it anew or correct the line")
