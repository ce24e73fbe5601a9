"""Python, by its own parser: string constants with the argument, key or variable that takes them. Comments are no code."""

from __future__ import annotations

import ast
import io
import tokenize
from functools import cached_property
from typing import TYPE_CHECKING

from conformance.knowledge.lifecycle.scan.inside import names_in
from conformance.knowledge.lifecycle.scan.literal import Literal, branch, is_part, qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conformance.knowledge.lifecycle.scan.inside import Inside

#: What is read as one text around a constant, beside calls and dictionaries.
_Scope = ast.Assign | ast.AnnAssign | ast.Return | ast.Expr | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def literals(source: str) -> list[Literal]:
    """Return the string constants that could be names.

    Raises:
        SyntaxError: the text is no Python of this version.
        ValueError: it holds a null byte.
    """
    return list(_File(source).literals())


class _File:
    def __init__(self, source: str) -> None:
        self.source = source
        self.tree = ast.parse(source)
        self._texts: dict[ast.AST, str] = {}

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without comments. Most files name no model: this and the parents are made when needed."""
        return _without_comments(self.source).split("\n")

    @cached_property
    def code(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The parent of each node."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def assigned(self) -> dict[str, list[ast.expr]]:
        """The values assigned to each name, as the code writes it: `client`, `self.client`."""
        values: dict[str, list[ast.expr]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    values.setdefault(ast.unparse(target), []).append(node.value)
        return values

    @cached_property
    def _interpolated(self) -> frozenset[int]:
        """The constants between the values of an f-string: none of them is a whole name."""
        strings = (node for node in ast.walk(self.tree) if isinstance(node, ast.JoinedStr))
        return frozenset(id(part) for node in strings for part in node.values)

    def literals(self) -> Iterator[Literal]:
        for node in ast.walk(self.tree):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                continue
            part = id(node) in self._interpolated
            for inside in names_in(node.value, whole=not part):
                key = inside.key or self._key(node)
                if not is_part(key, inside.name):
                    yield self._literal(node, inside, key)

    def _literal(self, node: ast.Constant, inside: Inside, key: str) -> Literal:
        def levels() -> Iterator[str]:
            yield key
            yield str(node.value)
            yield from self._levels(node)

        return Literal(inside.name, node.lineno + inside.line, key, levels)

    def _key(self, node: ast.AST) -> str:  # noqa: PLR0911 - one return a kind of parent
        """Return the name that takes a constant, through lists, choices and defaults."""
        parent = self.parents.get(node)
        if isinstance(parent, ast.keyword):
            return parent.arg or ""
        if isinstance(parent, ast.Dict):
            place = next((n for n, value in enumerate(parent.values) if value is node), None)
            name = parent.keys[place] if place is not None else None
            if isinstance(name, ast.Constant):
                return qualified(str(name.value), self._key(parent))
            return self._key(parent) if place is None else ""
        if isinstance(parent, ast.Assign):
            return ast.unparse(parent.targets[0])
        if isinstance(parent, ast.AnnAssign):
            return ast.unparse(parent.target)
        if isinstance(parent, ast.arguments):
            return _argument(parent, node)
        if isinstance(parent, ast.Compare):
            within = isinstance(parent.ops[0], ast.In) and not isinstance(
                parent.comparators[0], ast.List | ast.Tuple | ast.Set
            )
            return ast.unparse(parent.left) if parent.left is not node else "in" if within else ""
        if isinstance(parent, ast.Call):  # os.environ.get("GROQ_MODEL", "llama-3.3-70b-versatile")
            first = parent.args[0] if parent.args else None
            named = isinstance(first, ast.Constant) and first is not node
            return str(first.value) if named and isinstance(first, ast.Constant) else ast.unparse(parent.func)
        if isinstance(parent, ast.List | ast.Tuple | ast.Set | ast.IfExp | ast.BoolOp):
            return self._key(parent)
        return ""

    def _levels(self, node: ast.Constant) -> Iterator[str]:
        yield branch(self.lines, node.lineno)
        for outer in self._outward(node):
            if isinstance(outer, ast.Call | ast.Dict):
                yield self._text(outer)
                yield from self._made(outer) if isinstance(outer, ast.Call) else (self._key(outer),)
            elif isinstance(outer, _Scope):
                yield self._text(outer)
        yield self.code

    def _outward(self, node: ast.AST) -> Iterator[ast.AST]:
        while node in self.parents:
            node = self.parents[node]
            yield node

    def _made(self, call: ast.Call) -> Iterator[str]:
        """Yield the constructor of a call's receiver: `client = Groq(...)` for `client.chat.completions.create(...)`."""
        receiver = call.func
        names = set()
        while isinstance(receiver, ast.Attribute):
            receiver = receiver.value
            names.add(ast.unparse(receiver))
        for name in names:
            for value in self.assigned.get(name, ()):
                yield self._text(value)

    def _text(self, node: ast.AST) -> str:
        if node not in self._texts:
            self._texts[node] = self._cut(node)
        return self._texts[node]

    def _cut(self, node: ast.AST) -> str:
        place = node.lineno, node.end_lineno, node.col_offset, node.end_col_offset  # type: ignore[attr-defined]
        first, last, start, end = place
        lines = [line.encode() for line in self.lines[first - 1 : last]]  # columns count bytes
        lines[-1] = lines[-1][:end]
        lines[0] = lines[0][start:]
        return b"\n".join(lines).decode("utf-8", "replace")


def _argument(arguments: ast.arguments, default: ast.AST) -> str:
    """Return the name of the parameter that a default is of."""
    places = [*arguments.posonlyargs, *arguments.args][-len(arguments.defaults) :] if arguments.defaults else []
    pairs = [
        *zip(places, arguments.defaults, strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return next((name.arg for name, value in pairs if value is default), "")


def _without_comments(source: str) -> str:
    """Return the source with every comment blanked; lines and columns stay."""
    lines = source.split("\n")
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                row, column = token.start
                lines[row - 1] = lines[row - 1][:column].ljust(len(lines[row - 1]))
    except (tokenize.TokenError, IndentationError):
        return source
    return "\n".join(lines)
