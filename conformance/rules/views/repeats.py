"""Whether a prompt asks for the same text several times."""

from __future__ import annotations

import re
from typing import Final

#: A count of times, in the ten languages of the URL prompts: "twice", "3 times", "zweimal", "deux fois", "\u4e24\u904d".
_TIMES: Final = re.compile(
    r"\b(?:twice|thrice|times|again and again|over and over|refrain|chorus|zweimal|dreimal|\w+mal|fois|veces|volte|vezes|refr[a\u00e3]o)\b"
    r"|\b(?:\u0434\u0432\u0430\u0436\u0434\u044b|\u0440\u0430\u0437\u0430?)\b|[\u4e24\u4e8c\u4e09\u56db\u4e94\d]\s*[\u904d\u6b21\u56de]|[\u0967-\u096f\d]\s*\u092c\u093e\u0930|\ubc88"
    r"|\u0645\u0631\u062a\u064a\u0646|\u0645\u0631\u0627\u062a",
    re.IGNORECASE,
)


def asks_for_repeats(prompt: str, text: str) -> bool:
    """Whether a prompt holds a text and asks for it more than once."""
    return bool(text.strip()) and text.strip() in prompt and _TIMES.search(prompt) is not None
