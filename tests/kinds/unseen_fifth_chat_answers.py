"""Reports on what a chat's answer says: reasoning, markup, stop strings, structured output (public trackers, read 2026-11-29)."""

# ruff: noqa: E501, RUF001 - what stands in an answer stands on one line, in the characters that the model has

from __future__ import annotations

from typing import Any

from tests.kinds.fifth import Report
from tests.kinds.material import answer, numbered
from tests.mutation.answers import AS_OBJECT, AS_TOWN, ASK_EMOJI, EMOJI
from tests.mutation.wire import Conversation, Json, answered, ask, counted, piece, plain, said, spoken, stream

THOUGHT = "\nHere's a thinking process:\n\n1.  **Analyze User Input:** the user asks for a river in France.\n2.  **Candidates:** the Loire, the Seine, the"


def _thought(*deltas: Json, finish: str = "stop", **asked: Any) -> Conversation:
    return (stream(ask(**asked), [piece({"role": "assistant"}), *map(piece, deltas), piece({}, finish)]),)


def _counted(
    text: str | None, used: int, finish: str = "stop", prompt: str = "Name a river in France.", **more: Any
) -> Conversation:
    asked = {name: more.pop(name) for name in ("stop", "max_tokens", "response_format", "temperature") if name in more}
    return (plain(ask(prompt, **asked), said(text, finish, **more), usage=counted(18, used)),)


CHIP = '```json\n{\n"chip": "Apple M1",\n"year": 2020,\n"cores": "8"\n}\n```'
ITEMS: Json = {
    "response_format": {
        "type": "json_schema",
        "json_schema": {
            "name": "translation",
            "strict": True,
            "schema": {
                "type": "object",
                "properties": {
                    "items": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"id": {"type": "string"}, "dst": {"type": "string"}},
                            "required": ["id", "dst"],
                            "additionalProperties": False,
                        },
                    }
                },
                "required": ["items"],
                "additionalProperties": False,
            },
        },
    }
}

REPORTS: dict[str, Report] = {
    "mlx-omni-server 114": Report(
        "reasoning in content",
        _thought(
            {"content": "The user wants"},
            {"content": " a river in France."},
            {"content": "\n</think>\n\n"},
            {"content": "The Loire."},
        ),
    ),
    "imp 509": Report(
        "reasoning in content",
        _counted(
            "Thinking Process:\n\n1.  **Analyze the Request:** The user wants one river in France.\n2.  **Recall:** Loire, Seine, Rh",
            40,
            "length",
            max_tokens=40,
            reasoning_content=None,
        ),
    ),
    "exo 2001": Report(
        "reasoning in content",
        _thought(
            {"reasoning_content": "Here"},
            {"reasoning_content": "'s a thinking process"},
            {"reasoning_content": ":\n\n1."},
            {"content": " "},
            finish="length",
            max_tokens=10,
        ),
    ),
    "omlx 2457": Report(
        "reasoning in content",
        _thought(
            *({"reasoning_content": part} for part in THOUGHT.split("  ")),
            {"content": THOUGHT.replace("  ", "")},
            finish="length",
            max_tokens=40,
        ),
    ),
    "litellm 20737": Report(
        "reasoning in content",
        _thought(
            {"reasoning_content": "Okay"},
            {"reasoning_content": ","},
            {"content": " the user asks for a river in France."},
            {"content": " I should answer with one, say the Loire.\n\n"},
            {"content": "The Loire."},
        ),
    ),
    "modelship 130": Report(
        "content empty",
        (plain(ask(), said("", reasoning="The Loire is a river in France."), usage=counted(14, 10)),),
    ),
    "vllm 14399": Report(
        "content empty",
        (
            plain(
                ask("Solve 3x = 12 step by step.", stop=["\n\n"]),
                said(None, reasoning_content="Okay, I need to solve 3x = 12. Divide by 3.", stop_reason="\n\n"),
                usage=counted(17, 18),
            ),
        ),
    ),
    "vllm 14170": Report(
        "markup in content",
        (
            plain(
                ask("Solve 3x = 12 step by step.", stop=["Observation"]),
                said("/think>\n\nx = 4", reasoning_content="Okay, I need to solve 3x = 12. Divide by 3"),
                usage=counted(17, 24),
            ),
        ),
    ),
    "imp 768": Report(
        "special tokens",
        _counted(
            "<|channel|>analysis<|message|>The user asks for a river. Loire fits.<|end|><|start|>assistant<|channel|>final<|message|>The Loire.",
            27,
            reasoning_content=None,
        ),
    ),
    "vllm-ascend 9767": Report(
        "special tokens", (stream(ask(), spoken("The", " Loire", "<｜begin▁of▁sentence｜>", " is", " long", ".")),)
    ),
    "colibri 675": Report(
        "special tokens",
        _counted(
            "The Loire.<|user|>And in Spain?<|assistant|>The Ebro.<|user|>And in Italy?<|assistant|>The Po.<|user|>And in",
            512,
            "length",
        ),
    ),
    "deepseek2api 43": Report(
        "words of the server", (stream(ask(), spoken("SEARCHING", "FINISHED", "The", " Loire", ".")),)
    ),
    "Edge0 105": Report(
        "broken characters",
        numbered(
            plain(ask(ASK_EMOJI, temperature=0), said(EMOJI), usage=counted(30, 21)),
            stream(ask(ASK_EMOJI, temperature=0), spoken("Gr", "üße", ", ", "世界", "! ", *"\ufffd" * 9, " שלום")),
        ),
    ),
    "vllm 3572": Report("stop not honoured", _counted("DEFGHIJKLMNOPQRSTUVWXYZ", 10, prompt="Go on: ABC", stop=["DE"])),
    "text-generation-inference 1724": Report(
        "stop in the text", _counted("1, 2, 3, 4, 5, 6, 7", 19, prompt="Say number 1 - 10", stop=["7"], max_tokens=100)
    ),
    "apfel 101": Report(
        "no JSON",
        (
            plain(
                ask("Return JSON with fields chip, year, cores for the Apple M1.", max_tokens=120, **AS_OBJECT),
                said(CHIP),
                usage=counted(30, 34),
            ),
        ),
    ),
    "halogen-flash-server 14": Report(
        "no JSON", answer("The town is Nantes, on the Loire.", "Which town lies on the Loire?", **AS_TOWN)
    ),
    "omlx 1241": Report(
        "schema not honoured",
        answer(
            '{"items": [{"id": "1", "src": "你好。"}, {"id": "2", "src": "你好吗？"}]}',
            'Translate: {"items": [{"id": "1", "src": "Hello."}, {"id": "2", "src": "How are you?"}]}',
            **ITEMS,
        ),
    ),
    "llama.cpp 28697": Report(
        "no JSON",
        answer(
            "Nantes is the town that you look for.",
            "Which town lies on the Loire?",
            response_format={
                "type": "json_schema",
                "schema": {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]},
            },
        ),
    ),
    "mlx-vlm 1215": Report(
        "finish reason",
        _counted("The Loire is the longest river in France. It rises in the", 13, "stop", max_tokens=13),
    ),
    "mistral.rs 955": Report(
        "number of choices",
        (
            plain(
                ask("One line joke:", n=3, max_tokens=100),
                said("Why did the computer go to school? To improve its processor.", index=2),
                usage=counted(27, 283),
            ),
        ),
    ),
    "sglang-jax 296": Report(
        "number of choices",
        (
            plain(
                ask("Name three fruits.", n=3, max_tokens=3),
                said("Apple, pear", "length", reasoning_content=None, tool_calls=None, matched_stop=None),
                usage=counted(22, 3),
            ),
        ),
    ),
    "vllm-omni 445": Report(
        "limit not honoured", _counted("vLLM is a fast engine for inference. " * 30, 270, max_tokens=100)
    ),
    "lucebox 165": Report(
        "cut before the limit",
        (
            plain(
                ask("Write the plan.", max_completion_tokens=4096),
                said("First we build the list of hosts, then we", "length"),
                usage=counted(20, 512),
            ),
        ),
    ),
    "text-generation-inference 1682": Report(
        "object and id",
        (
            plain(
                ask("What is deep learning?", max_tokens=20),
                said(
                    "**Deep learning** is a subset of machine learning that emphasizes the creation of **artificial",
                    "length",
                ),
                reply_id="",
                object="text_completion",
                usage=counted(15, 20),
            ),
        ),
    ),
    "web-llm 829": Report("created", (plain(ask(), said("The Loire."), created=1767225600123, usage=counted(14, 4)),)),
    "anything-llm 2920": Report(
        "created", (plain(ask(), said("The Loire."), created=1735725312.481, usage=counted(14, 4)),)
    ),
    "worker-vllm 85": Report(
        "error under 200",
        (
            answered(
                ask(functions=[{"name": "clock", "parameters": {"type": "object", "properties": {}}}]),
                {
                    "delayTime": 1135,
                    "executionTime": 445,
                    "id": "sync-5d0c",
                    "output": [
                        {
                            "code": 400,
                            "message": "1 validation error for ChatCompletionRequest\nfunctions\n  Extra inputs are not permitted [type=extra_forbidden, input_value=[{'name': 'clock'}], input_type=list]",
                            "object": "error",
                            "param": None,
                            "type": "BadRequestError",
                        }
                    ],
                    "status": "COMPLETED",
                },
            ),
        ),
    ),
}
