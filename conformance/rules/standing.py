"""A target on a day: what rules about a target, and not about one exchange, look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from conformance.providers import Target
    from conformance.wire.case import Case


@dataclass(frozen=True)
class Standing:
    """A target on a day, with the cases of everything that it was seen to answer."""

    target: Target
    as_of: date
    cases: tuple[Case, ...] = ()
    reports: Path | None = None  # where recorded latency runs are
