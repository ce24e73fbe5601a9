"""langchain-google-genai's chat model."""

from __future__ import annotations

from functools import partial
from typing import Any

from langchain_google_genai import ChatGoogleGenerativeAI
from langchain_messages import ask
from loop import Case, drive


def chat(case: Case) -> dict[str, Any]:
    """Ask for content."""
    settings = {
        "base_url": case["base_url"],
        "api_key": case["api_key"],
        "max_retries": case["retries"] + 1,  # it counts attempts, and takes 0 for its usual number
        "timeout": case["timeout"],
    }
    return ask(case, partial(ChatGoogleGenerativeAI, **settings), "finish_reason")


def _status(error: BaseException) -> Any:
    return getattr(error, "code", None)


if __name__ == "__main__":
    drive(["langchain-google-genai", "langchain-core", "google-genai"], _status, chat=chat)
