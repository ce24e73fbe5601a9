"""Requests that turn reasoning off, in the words of each API that has a switch for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from conformance.rules.views.chat import requested

if TYPE_CHECKING:
    from conformance.rules.views.chat import Answer
    from conformance.wire.case import Case

#: Members that switch reasoning on and off, as paths, and the values that mean off. No two APIs use one path in two senses.
#: Sources (read 2026-11-29): OpenAI reasoning_effort and reasoning.effort (none); https://openrouter.ai/docs/use-cases/reasoning-tokens;
#: https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking, and DeepSeek, Z.AI and Moonshot, which took its member over;
#: https://ai.google.dev/gemini-api/docs/thinking; https://docs.ollama.com/capabilities/thinking;
#: https://www.alibabacloud.com/help/en/model-studio/deep-thinking; https://docs.vllm.ai/en/latest/features/reasoning_outputs.html
_SWITCHES: Final[tuple[tuple[str, Any], ...]] = (
    ("reasoning_effort", "none"),
    ("reasoning/effort", "none"),
    ("reasoning/enabled", False),
    ("reasoning/exclude", True),
    ("include_reasoning", False),
    ("thinking/type", "disabled"),
    ("generationConfig/thinkingConfig/thinkingBudget", 0),
    ("generationConfig/thinkingConfig/includeThoughts", False),
    ("think", False),
    ("chat_template_kwargs/enable_thinking", False),
    ("chat_template_kwargs/thinking", False),
)
#: Members that one vendor's API alone has at the top of a request, with the end of its hosts' names. Others pass over what they do not
#: know: there the member switches nothing off (https://github.com/ollama/ollama/issues/10809, read 2026-11-29).
_SWITCHES_OF: Final[tuple[tuple[str, Any, tuple[str, ...]], ...]] = (
    ("enable_thinking", False, (".aliyuncs.com", ".alibabacloud.com", ".siliconflow.cn", ".siliconflow.com")),
)
_PATHS: Final = [*(path for path, _ in _SWITCHES), *(path for path, _, _ in _SWITCHES_OF)]
_MEMBERS: Final = frozenset(path.partition("/")[0] for path in _PATHS)


@dataclass(frozen=True)
class Unthinking:
    """A completion whose request turned reasoning off, and the member and value that did."""

    answer: Answer
    switch: str


def unthinking(case: Case) -> Unthinking | None:
    """A completion whose request turned reasoning off."""
    result = case.view(requested)
    if result is None or _MEMBERS.isdisjoint(result.request):
        return None
    host = urlsplit(case.exchange.request.url).hostname or ""
    own = ((path, off) for path, off, hosts in _SWITCHES_OF if host.endswith(hosts))
    for path, off in (*_SWITCHES, *own):
        value: Any = result.request
        for step in path.split("/"):
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None and value == off and isinstance(value, bool) == isinstance(off, bool):
            return Unthinking(result, f"{path.replace('/', '.')} {off!r}")
    return None
