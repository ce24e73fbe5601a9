"""Whether a prompt asks for what its page says: most prompts with a URL do not, and an answer to them tells nothing of a page."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.knowledge.grounding.model import Question

#: A prompt with code is about the code.
_CODE = re.compile(r"```|[{};]\s*\n|</?\w[^<>]*>|\bcurl\b|^[ \t]*+(?:import|from|def|const|function)\s", re.MULTILINE)


def asks_for_page(question: Question) -> bool:
    """Whether a question asks for the content of the page at its URL, in words of `asking.toml`."""
    if not question.url or _CODE.search(question.prompt):
        return False
    prompt = question.prompt.lower().replace(question.url.lower(), " URL ")
    return _patterns().search(re.sub(r"[ \t]+", " ", prompt)) is not None


@cache
def _patterns() -> re.Pattern[str]:
    table: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("page_questions.toml").read_text("utf-8"))
    return re.compile("|".join(pattern for patterns in table.values() for pattern in patterns))
