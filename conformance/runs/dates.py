"""The day on which dates are judged, as a user names it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from conformance.errors import UnusableInputError


def read_date(text: str | None) -> date:
    """Return the date that --as-of names, today without one.

    Raises:
        UnusableInputError: the text is no ISO date.
    """
    if text is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UnusableInputError(f"--as-of {text!r} is no date", remedy="write YYYY-MM-DD") from error
