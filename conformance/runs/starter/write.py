"""Writing the pieces: a new file only where none is, lines only at the end of one, nothing in place of anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from conformance.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.runs.starter.pieces import Piece

Deed: TypeAlias = Literal["write", "add to", "leave"]


class Done(NamedTuple):
    """What happened, or would, to one file, and why."""

    deed: Deed
    path: Path
    text: str
    why: str


def done(piece: Piece, *, dry_run: bool) -> Done:
    """Write a piece and return what happened; with `dry_run`, what would.

    Raises:
        UnusableInputError: the file cannot be written.
    """
    there = piece.path.exists() or piece.path.is_symlink()
    if not piece.text or (there and not piece.append):
        same = there and piece.path.is_file() and piece.path.read_text("utf-8", errors="replace") == piece.text
        return Done(
            "leave", piece.path, "" if same else piece.text, "it is as written" if same else piece.why or "it is yours"
        )
    if not dry_run:
        try:
            _write(piece.path, piece.text, append=piece.append)
        except OSError as error:
            remedy = "make it writable, or run with --dry-run and copy the text"
            raise UnusableInputError(f"cannot be written: {error.strerror}", where=piece.path, remedy=remedy) from error
    return Done("add to" if piece.append else "write", piece.path, piece.text, "")


def _write(path: Path, text: str, *, append: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not append:
        with path.open("x", encoding="utf-8", newline="\n") as file:  # x: whoever wrote it meanwhile keeps it
            file.write(text)
        return
    before = path.read_bytes()
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    gap = b"" if not before or before.endswith(b"\n") else newline
    with path.open("ab") as file:
        file.write(gap + text.encode().replace(b"\n", newline))
