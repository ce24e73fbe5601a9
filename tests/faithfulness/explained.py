"""Differences that stay, with the reason: `explained.toml`, read and matched."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faithfulness.compare import Difference

FILE = Path(__file__).with_name("explained.toml")


@dataclass(frozen=True)
class Explanation:
    """Why one side has something that the other has not.

    `provider` and `kind` are fnmatch patterns. In `what`, `*` stands for anything; a path explains what lies below it too.
    """

    provider: str
    kind: str
    side: str
    what: str
    why: str

    def explains(self, difference: Difference) -> bool:
        """Say whether it is about this difference."""
        return (
            self.side == difference.side
            and fnmatchcase(difference.provider, self.provider)
            and fnmatchcase(difference.kind, self.kind)
            and self._pattern.fullmatch(difference.what) is not None
        )

    @property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.what).replace(r"\*", ".*") + r"(?:[.\[:].*)?")


def explanations(file: Path = FILE) -> tuple[Explanation, ...]:
    """Return the explanations in the order of the file."""
    return tuple(Explanation(**each) for each in tomllib.loads(file.read_text("utf-8"))["explained"])
