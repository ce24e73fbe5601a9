"""Claims about the plan: probes and latency runs are announced in the same words and at the same prices."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import conformance
from conformance.probes import REASONING_TOKENS
from conformance.probes.plan import line, with_reasoning
from conformance.providers import Target, load_providers

PACKAGE = Path(conformance.__file__).parent
GROQ = load_providers()["groq"]
TARGET = Target(GROQ, "openai/gpt-oss-120b", "openai-chat")


def test_a_line_has_requests_tokens_cost_and_pace() -> None:
    said = line(TARGET, "groq/x:", requests=60, max_requests=100, sent=1_000_000, output=1_000_000)
    assert said == (
        "plan: groq/x: 60 requests (--max-requests 100), about 1000000 tokens in, up to 1000000 out, about $0.7500,"
        " 30 requests a minute: about 2 min"
    )


def test_a_target_without_price_or_limit_says_so() -> None:
    unknown = Target(replace(GROQ, limits={}), "nobody-knows-it", "openai-chat")
    said = line(unknown, "groq/x:", requests=2, max_requests=3, sent=4, output=5)
    assert said == "plan: groq/x: 2 requests (--max-requests 3), about 4 tokens in, up to 5 out, price unknown"


def test_a_reasoning_model_writes_its_thoughts_on_top() -> None:
    assert with_reasoning(TARGET, 100, answers=2) == 100 + 2 * REASONING_TOKENS
    assert with_reasoning(Target(GROQ, "nobody-knows-it", "openai-chat"), 100, answers=2) == 100


def test_one_module_words_a_cost() -> None:
    worded = re.compile(r"about \$\{|price unknown\"|requests a minute: about")
    users = {
        path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if worded.search(path.read_text("utf-8"))
    }
    assert sorted(users - {"providers/facts.py"}) == ["probes/plan.py"]
