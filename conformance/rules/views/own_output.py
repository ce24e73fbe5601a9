"""Failures that refuse what the model itself wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.rules.views.errors import Failure

#: Codes by which a server says that it refused what its own model wrote.
#: Source: Groq's error table (2026-05) and Gemini's FinishReason enum (google-genai, 2026-11).
_OWN_OUTPUT = frozenset({"tool_use_failed", "json_validate_failed", "output_parse_failed"})


_OWN_OUTPUT_TEXT = re.compile(
    r"failed to (call a function|parse (the )?tool[ _-]calls?|parse (the )?function calls?)|did not call a tool"
    r"|error parsing (the )?(tool|function)[ _-]calls?|(tool|function)[ _-]calls? pars(ing|er) (failed|error)"
    r"|element <\w+> closed by </\w+>|expected element type <\w+> but have <"  # XML that a model wrote for a call
    r"|(could not|cannot|unable to) (parse|decode) (the )?(model'?s? |generated |tool[ _-]call )(output|arguments?|calls?)",
    re.IGNORECASE,
)


def refuses_own_output(failure: Failure) -> bool:
    """Whether a failure says that the model's own output could not be used."""
    return (
        "failed_generation" in failure.error
        or failure.code in _OWN_OUTPUT
        or _OWN_OUTPUT_TEXT.search(failure.message) is not None
    )
