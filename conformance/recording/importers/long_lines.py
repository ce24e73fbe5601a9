"""Lines of a file, one after the other; one that is too long for the memory is cut, so that it costs itself only."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Bytes of one line, or of a text that is read as a whole. Decoded, a stream takes about ten times as much.
LARGEST: Final = 64_000_000
_AT_ONCE: Final = 1_000_000


def lines_until(file: IO[bytes], size: int | None = None) -> Iterator[bytes]:
    """Yield the lines of the next `size` bytes; of a line that is longer than `LARGEST`, its first bytes, which are no JSON."""
    left = size
    while left is None or left > 0:
        line = file.readline(LARGEST + 1)
        if not line:
            return
        taken = len(line)
        if taken > LARGEST:
            line = line[:_AT_ONCE]
            while piece := file.readline(_AT_ONCE):
                taken += len(piece)
                if piece.endswith(b"\n"):
                    break
            line = b"a line of %d MB, more than %d MB" % (taken // 1_000_000, LARGEST // 1_000_000)
        left = None if left is None else left - taken
        yield line
