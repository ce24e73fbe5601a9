"""The judge of answers to prompts that carry a URL: did the model see the page, say that it did not, or make it up?

Labels and method: docs of each stage in its module. Everything runs offline and without a model; cue words are data
(`cues/*.toml`), the statistical stage's weights are trained by `python -m tools.train_grounding_judge` from `data/*.jsonl`.
"""

from typing import TYPE_CHECKING

from conformance.knowledge.lazily import loader

if TYPE_CHECKING:
    from conformance.knowledge.grounding import browsing, canary, page_questions, question, rates
    from conformance.knowledge.grounding.judging import UNSURE, judge
    from conformance.knowledge.grounding.model import (
        DISCLOSED,
        LABELS,
        MADE_UP,
        Answer,
        Call,
        Context,
        Judged,
        Label,
        Question,
        Span,
        ToolResult,
    )

__all__ = [
    "DISCLOSED",
    "LABELS",
    "MADE_UP",
    "UNSURE",
    "Answer",
    "Call",
    "Context",
    "Judged",
    "Label",
    "Question",
    "Span",
    "ToolResult",
    "browsing",
    "canary",
    "judge",
    "page_questions",
    "question",
    "rates",
]

_MODULES = ("browsing", "canary", "page_questions", "question", "rates")
_OF_THE_JUDGE = ("UNSURE", "judge")
__getattr__ = loader(
    __name__,
    dict.fromkeys(__all__, "model") | dict.fromkeys(_OF_THE_JUDGE, "judging") | {name: name for name in _MODULES},
)
