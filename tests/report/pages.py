"""HTML as nodes, by the standard library's parser."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VOID = {"meta", "input", "br", "wbr", "link", "img"}


@dataclass
class Node:
    """An element of a page."""

    tag: str
    attrs: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    @property
    def below(self) -> Iterator[Node]:
        """Every element below this one, in the order of the page."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.below

    @property
    def text(self) -> str:
        """The text of this element and all below, with single spaces."""
        return " ".join(self.raw.split())

    @property
    def raw(self) -> str:
        """The text as it stands."""
        return "".join(child if isinstance(child, str) else child.raw for child in self.children)

    def find(self, tag: str = "", *, class_: str = "", **attrs: str) -> list[Node]:
        """Return the elements below with this tag, one of whose classes is `class_`, and with these attributes."""
        return [
            node
            for node in self.below
            if (not tag or node.tag == tag)
            and (not class_ or class_ in node.attrs.get("class", "").split())
            and all(node.attrs.get(name) == value for name, value in attrs.items())
        ]

    def only(self, tag: str = "", *, class_: str = "", **attrs: str) -> Node:
        """Return the one element that `find` finds."""
        (found,) = self.find(tag, class_=class_, **attrs)
        return found


class _Builder(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.open = [Node("", {})]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> Node:
    """Return the root of a page; an element that is closed out of order, or never, is an error."""
    (root,) = _Builder(html).open
    return root
