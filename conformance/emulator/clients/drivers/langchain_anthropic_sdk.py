"""langchain-anthropic's chat model."""

from __future__ import annotations

from functools import partial
from typing import Any

from langchain_anthropic import ChatAnthropic
from langchain_messages import ask
from loop import Case, drive


def chat(case: Case) -> dict[str, Any]:
    """Ask for a message."""
    settings = {
        "base_url": case["base_url"],
        "api_key": case["api_key"],
        "max_retries": case["retries"],
        "timeout": case["timeout"],
    }
    return ask(case, partial(ChatAnthropic, **settings), "stop_reason")


if __name__ == "__main__":
    drive(["langchain-anthropic", "langchain-core", "anthropic"], chat=chat)
