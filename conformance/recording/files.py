"""The one way to write a file: whole or not at all."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from conformance.errors import UnusableInputError

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a text file whole or not at all, and make its folder. A reader meanwhile sees the old file or the new one.

    The text goes to a file beside it first, which then takes its place. Lone surrogates are written as escapes: one in a
    provider's JSON is no reason to have no page.

    Raises:
        UnusableInputError: it cannot be written.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, "utf-8", errors="backslashreplace")
        os.replace(partial, path)  # noqa: PTH105 - the one call that is atomic on every system
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise UnusableInputError(
            f"cannot be written: {error.strerror}", where=path, remedy="name a folder that can be written"
        ) from error
