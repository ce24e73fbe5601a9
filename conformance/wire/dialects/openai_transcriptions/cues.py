"""Subtitles: SubRip (srt) and WebVTT cues, with their times in seconds.

Source: https://www.w3.org/TR/webvtt1/ sections 4.1 and 4.2 (read 2026-11-28); SubRip has no standard: a number, `HH:MM:SS,mmm -->
HH:MM:SS,mmm`, the lines of the text, and a blank line.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

CueFormat = Literal["srt", "vtt"]
_SRT: Final = re.compile(r"(\d{2,}):([0-5]\d):([0-5]\d),(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d),(\d{3})\s*\Z")
_VTT: Final = re.compile(
    r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})[ \t]+-->[ \t]+(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})(?:[ \t].*)?\Z"
)


class Cue(NamedTuple):
    """One cue: its line in the text, its number (None where it has none), its times in seconds and its words.

    `problem` says why it is none; its times are then 0.
    """

    line: int
    number: int | None
    start: float
    end: float
    text: str
    problem: str = ""


def read_cues(text: str, form: CueFormat) -> list[Cue]:
    """Return the cues of subtitles, the malformed ones among them; a WebVTT text without its first line yields one that says so."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    cues: list[Cue] = []
    start = 0
    if form == "vtt":
        if not re.match(r"WEBVTT(?:[ \t]|\Z)", lines[0] if lines else ""):
            return [Cue(1, None, 0, 0, "", "does not begin with WEBVTT")]
        start = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
    block: list[str] = []
    for at in range(start, len(lines) + 1):
        line = lines[at] if at < len(lines) else ""
        if line.strip():
            block.append(line)
        elif block:
            if not (form == "vtt" and block[0].startswith(("NOTE", "STYLE", "REGION"))):
                cues.append(_cue(block, at - len(block) + 1, form))
            block = []
    return cues


def _cue(block: list[str], line: int, form: CueFormat) -> Cue:
    number = int(block[0]) if block[0].strip().isdecimal() and block[1:] else None
    rest = block[1:] if number is not None or (form == "vtt" and "-->" not in block[0]) else block
    match = _SRT.match(rest[0].strip()) if rest and form == "srt" else _VTT.match(rest[0].strip()) if rest else None
    if match is None:
        return Cue(line, number, 0, 0, "", f"has no times: {(rest or block)[0][:60]!r}")
    values = [int(part or 0) for part in match.groups()]
    start, end = (
        hours * 3600 + minutes * 60 + seconds + thousandths / 1000
        for hours, minutes, seconds, thousandths in (values[:4], values[4:])
    )
    return Cue(line, number, start, end, "\n".join(rest[1:]))
