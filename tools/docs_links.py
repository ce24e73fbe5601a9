"""A hook of MkDocs (`mkdocs.yml`): a link out of docs/ is followed in the repository, and is its path in words on the site."""

from __future__ import annotations

import re
from typing import Final

_OUTSIDE: Final = re.compile(r"\[([^\]]+)\]\(\.\./([^)]+)\)")


def on_page_markdown(markdown: str, **_: object) -> str:
    """Replace links to files beside docs/, which the site does not hold.

    Args:
        markdown: a page as it stands.
    """
    return _OUTSIDE.sub(_in_words, markdown)


def _in_words(link: re.Match[str]) -> str:
    name, path = link.groups()
    return f"`{path}`" if name in path else f"{name} (`{path}`)"
