"""Write docs/python.md from `conformance.__all__` and the docstrings: `python -m tools.python_page > docs/python.md`."""

from __future__ import annotations

import inspect
import re
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final

import conformance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

#: The names in the order in which a reader meets them; a name that is missing here fails the page's test.
GROUPS: Final = {
    "Write a rule": ("rule", "Rule", "Finding", "Severity", "Rate", "views"),
    "What a rule looks at": ("Case", "Session", "Exchange", "Request", "Response", "Timing"),
    "Judge": ("judge", "audit", "grounding"),
    "Providers": ("load_providers", "parse_target", "provider_server"),
    "Errors": ("UnusableInputError",),
}
_LEAD: Final = """# Python

Every name here is imported from `conformance`: `from conformance import rule, views`. These names stay, and a change of one
stands in [CHANGELOG.md](../CHANGELOG.md). A name that is not here may move in any release. The package is typed
(`py.typed`). Every example runs as a test. This page is made by `python -m tools.python_page > docs/python.md`.
"""
_WIDTH: Final = 100
_SECTION = re.compile(r"^(Args|Returns|Yields|Raises|Example):$", re.MULTILINE)
_ENTRY = re.compile(r"^    (\*?[\w.]+): ", re.MULTILINE)


def page() -> str:
    """Return the page."""
    parts = [_LEAD]
    for title, names in GROUPS.items():
        parts.append(f"\n## {title}\n")
        parts += (f"\n{text}\n" for name in names for text in _entry(name))
    return "".join(parts)


def sections(documented: object) -> dict[str, str]:
    """Return the sections of a Google docstring by title, dedented; the description stands under ''."""
    title, *rest = _SECTION.split(inspect.getdoc(documented) or "")
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return {"": title.strip(), **{head: body.strip("\n") for head, body in pairs}}


def _entry(name: str) -> Iterator[str]:
    documented = getattr(conformance, name)
    texts = sections(documented)
    yield f"### `{name}`"
    if callable(documented) and not isinstance(documented, type):
        yield f"```python\n{name}{_signature(documented)}\n```"
    yield texts.pop("")
    for title, body in texts.items():
        if title == "Example":
            yield f"```pycon\n{inspect.cleandoc(body)}\n```"
        else:
            yield f"**{title}**\n\n{_items(body) if title in {'Args', 'Raises'} else inspect.cleandoc(body)}"
    if inspect.ismodule(documented):
        yield "\n".join(_modules(documented))


def _signature(function: object) -> str:
    assert callable(function)  # noqa: S101 - for mypy
    signature = inspect.signature(function, eval_str=False)
    bare = [
        parameter.replace(annotation=inspect.Parameter.empty) if parameter.annotation is inspect.Parameter.empty
        else parameter.replace(annotation=_Bare(parameter.annotation))
        for parameter in signature.parameters.values()
    ]  # fmt: skip
    whole = signature.replace(parameters=bare, return_annotation=_Bare(signature.return_annotation))
    if len(str(whole)) <= _WIDTH:
        return str(whole)
    keyword_only = next((one.name for one in bare if one.kind is inspect.Parameter.KEYWORD_ONLY), None)
    starred = any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in bare)
    lines = [f"    *,\n    {one}," if one.name == keyword_only and not starred else f"    {one}," for one in bare]
    return "\n".join(["(", *lines, f") -> {whole.return_annotation}"])


class _Bare(str):
    """An annotation that is shown without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the text itself."""
        return str(self)


def _items(body: str) -> str:
    entries = _ENTRY.sub(r"\n- `\1`: ", body)
    return "\n".join("- " + " ".join(entry.split()) for entry in entries.split("\n- ") if entry.strip())


def _modules(package: ModuleType) -> Iterator[str]:
    for module in iter_modules(package.__path__):
        lead = (inspect.getdoc(import_module(f"{package.__name__}.{module.name}")) or "").partition("\n\n")[0]
        yield f"- `views.{module.name}`: {' '.join(lead.split())}"


if __name__ == "__main__":
    sys.stdout.write(page())
