"""Expressions that were found linear, a digest a line, behind that of the oracle that found them: only others are held against attacks again."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.redos.listed import Listed

FILE: Final = Path(__file__).with_name("linear.txt")


def oracle() -> str:
    """Return the digest of what attacks and counts."""
    return _digest("".join(FILE.with_name(name).read_text("utf-8") for name in ("attacks.py", "counted.py")))


def digest(entry: Listed) -> str:
    """Return the digest of an expression and the way that it is used; where it stands does not matter."""
    return _digest(repr(entry[1:]))


def found_linear() -> frozenset[str]:
    """Return the digests of the expressions that this very oracle found linear."""
    by, *digests = (
        FILE.read_text("ascii").split() if FILE.exists() else [""]
    )  # another oracle's are worth nothing: all are tried
    return frozenset(digests) if by == oracle() else frozenset()


def keep(entries: Iterable[Listed]) -> None:
    """Write these down."""
    FILE.write_text("\n".join([oracle(), *sorted({digest(entry) for entry in entries})]) + "\n", "ascii")


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
