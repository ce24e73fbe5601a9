"""The seam to terminals and CI logs: text of a provider, a file or its name moves no cursor there, and gives no command."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from conformance.report.colour import coloured, wants_colour

if TYPE_CHECKING:
    from typing import TextIO

#: C0 and C1 controls but tab and line feed (ECMA-48), what reorders a line (Unicode's bidirectional controls), line separators.
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
#: What GitHub Actions takes for a command at the beginning of a line, and Azure Pipelines anywhere
#: (docs.github.com, workflow commands; learn.microsoft.com, logging commands).
_COMMAND: Final = re.compile(r"^([ \t]*)::", re.MULTILINE)
_SHORT: Final = 2  # characters that tell whether a line may become a command
_OLD_COMMAND: Final = re.compile(r"##(?=\[|vso\[)")


def visible(text: str, *, line_start: bool = True) -> str:
    r"""Return a text whose controls and CI commands are escapes that can be read: `\x1b[31m`, `\x3a:error::`.

    Args:
        text: any text.
        line_start: whether it begins a line.
    """
    text = _CONTROL.sub(lambda char: ascii(char[0])[1:-1], text)
    if "::" in text:
        text = _COMMAND.sub(
            lambda match: match[0] if match.start() == 0 and not line_start else rf"{match[1]}\x3a:", text
        )
    return _OLD_COMMAND.sub(r"#\\x23", text) if "##" in text else text


class VisibleStream:
    """A stream that writes everything as `visible` has it, verdicts in colour on a terminal; all else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._colour = wants_colour(stream)
        self._line = ""  # how the line begins that is being written, without blanks

    def write(self, text: str) -> int:
        """Write a text, and return the number of characters that were given."""
        if text:
            shown = visible(text, line_start=self._line == "")
            shown = rf"\x3a{shown[1:]}" if self._line == ":" and text.startswith(":") else shown
            self._stream.write(coloured(shown, line_start=self._line == "") if self._colour else shown)
            self._line = (self._line + text).rpartition("\n")[2].strip(" \t")[:_SHORT]
        return len(text)

    def writelines(self, lines: Any) -> None:  # noqa: ANN401 - as TextIO has it
        """Write all lines."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        """Return what the stream has."""
        return getattr(self._stream, name)
