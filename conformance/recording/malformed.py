"""What cannot be read of a recording."""

from __future__ import annotations


class Malformed(Exception):  # noqa: N818 - it is yielded as often as raised
    """One entry of a recording that cannot be read: what is wrong, and where inside the document.

    Args:
        what: the problem, with the value that triggered it.
        keys: the way to it from the top of the document.
        line: its line, where the format has one line an entry.
        of_no_form: whether it is whole, and of no form that is known.
    """

    def __init__(
        self, what: str, keys: tuple[str | int, ...] = (), line: int | None = None, *, of_no_form: bool = False
    ) -> None:
        super().__init__(what)
        self.what = what
        self.keys = keys
        self.line = line
        self.of_no_form = of_no_form
