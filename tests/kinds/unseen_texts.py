"""Unseen when the rules were written: markup of templates, reasoning in the text, a tool's failure told as a page."""

# ruff: noqa: E501, RUF001 - what stands in an answer stands on one line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.kinds.kind import kind
from tests.kinds.material import answer, completion, streamed_talk
from tests.kinds.wire_forms import (
    cohere,
    cohere_stream,
    converse,
    gemini_stream,
    message_stream,
    ollama_stream,
    response_stream,
)
from tests.mutation.wire import ask, call, plain, said

if TYPE_CHECKING:
    from tests.mutation.wire import Conversation, Json

TEMPLATE = kind(
    "unseen: markup of the chat template",
    "Role or tool-response markup of the chat template stands in the text.",
    "content.no_special_tokens",
    {
        "phi": answer("The Loire.<|end|><|user|>And?"),
        "cohere-turn": cohere("Rain.<|END_OF_TURN_TOKEN|>"),
        "cohere-chatbot": cohere_stream("<|CHATBOT_TOKEN|>", "Rain."),
        "deepseek-user": answer("The Loire.<｜User｜>And the Seine?"),
        "gemma-stream": gemini_stream("Rain.", "<end_of_turn>\n<start_of_turn>user"),
        "message-stream": message_stream("Rain.", "\n\nHuman:", " And Rome?"),
        "granite": answer("The Loire.<|end_of_text|>"),
        "granite-role": answer("<|start_of_role|>assistant<|end_of_role|>The Loire."),
        "ollama-tool": ollama_stream("<|tool▁outputs▁begin|>14", "<|tool▁outputs▁end|> Mild."),
        "response-stream": response_stream("Rain.", "<|start|>assistant"),
        "converse-bos": converse({"text": "<s>[INST] Weather in Paris? [/INST] Mild."}),
        "observation-line": answer("Observation: 14 degrees\nIt is mild.", "Is it mild in Nantes?"),
        "exaone": answer("The Loire.[|endofturn|]"),
        "completion": completion(" Paris.<|endoftext|>"),
    },
    {
        "table-of-tokens": answer("ChatML has <|im_start|> and <|im_end|>.", "List the special tokens of ChatML."),
        "strike": answer("<s>Seine</s> Loire", "Use HTML strike-through."),
        "interview": answer("Human: Hello.\nRobot: Hello.", "Write a scene with a Human and a Robot."),
        "kotlin": answer("val f: (Int) -> Unit = { x -> println(x) }", "Kotlin lambda?"),
        "bars": answer("P(A|B) = P(A,B)/P(B)", "Bayes?"),
    },
)

REASONING = kind(
    "unseen: reasoning in the text",
    "The text opens with a chain of thought, in marks, under a heading, or in prose.",
    "reasoning.not_in_content gemini.thoughts_marked content.no_special_tokens anthropic.thinking_not_repeated",
    {
        "prose-user-wants": answer(
            "Okay, the user wants the name of a river in France. The Loire is the longest, so I should answer that.\n\nThe Loire."
        ),
        "prose-we-need": answer("We need to name a river in France. Simple. The Loire.\n\nThe Loire."),
        "prose-let-me": answer(
            "Alright, let me think about what the user is asking. They want one river. I'll go with the Loire.\n\nThe Loire."
        ),
        "thought-process": answer(
            "Thought Process:\n\n1. Analyze the request: one river.\n2. Recall: the Loire.\n\nThe Loire."
        ),
        "italic": answer("*Thinking: they want one river, and the Loire is long.*\n\nThe Loire."),
        "harmony-marks": answer(
            "<|channel|>analysis<|message|>They want a river.<|end|><|start|>assistant<|channel|>final<|message|>The Loire."
        ),
        "inner-monologue": answer("<inner_monologue>They want a river.</inner_monologue>The Loire."),
        "antml": answer("<antThinking>They want a river.</antThinking>The Loire."),
        "cot-tag": answer("<cot>They want a river.</cot>\nThe Loire."),
        "kimi-response": response_stream("◁think▷They want rain.", "◁/think▷Mild."),
        "mistral": converse({"text": "[THINK]They want the weather.[/THINK]Mild."}),
        "seed-streamed": message_stream("<seed:think>", "They want rain.", "</seed:think>", "Mild."),
        "french": answer(
            "Réflexion : l'utilisateur veut un fleuve français.\n\nRéponse : la Loire.", "Nomme un fleuve français."
        ),
        "spanish": answer("Razonamiento: el usuario quiere un río.\n\nRespuesta: el Loira.", "Di un río de Francia."),
        "russian": answer("Размышление: пользователь хочет одну реку.\n\nОтвет: Луара.", "Назови реку во Франции."),
        "japanese": answer(
            "思考：ユーザーはフランスの川を一つ求めている。\n\n回答：ロワール川。", "フランスの川を一つ挙げてください。"
        ),
        "cohere-block": cohere("<think>\nThey want rain.\n</think>\nMild."),
        "ollama-streamed": ollama_stream("<think>", "They want rain.", "</think>", "Mild."),
        "gemini-bold": gemini_stream(
            "**Considering the Weather**\n\nI'm now focusing on what the user wants: the weather in Paris.\n\n", "Mild."
        ),
        "closing-only-streamed": streamed_talk("They want rain, so I ", "answer.", "\n</think>\n\n", "It is mild."),
    },
    {
        "steps-asked": answer("Let me think: 12 x 3 is 36, so the answer is 36.", "Think step by step: 12 x 3?"),
        "novel": answer('"Okay, the user is lost," said the robot.', "Begin a novel about a robot."),
        "we-need-rain": answer("We need rain more than ever, farmers say."),
        "fenced-on-request": answer(
            "```xml\n<think>Hm.</think>\n```", "Show me how DeepSeek marks its thoughts, in a fence."
        ),
        "template-code": answer(
            '```python\nif "</think>" in text:\n    text = text.split("</think>")[1]\n```',
            "Python that strips the thoughts?",
        ),
        "analysis-essay": answer(
            "Analysis: the poem turns on one river.\n\nConclusion: it is about time.", "Analyse the poem."
        ),
        "considering": answer("Considering its length, the Loire is wild."),
        "reflection-heading": answer("# Reflection\n\nWater reflects light.", "Write notes on optics."),
        "plan-heading": answer("**Plan:** two days in Nantes.\n\n**Day 1:** the castle.", "Plan a weekend."),
    },
)

PAGE = "https://weekly.example/2026/ice-on-the-loire"
_OPEN: Json = {
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "open_page",
                "description": "Opens a web page.",
                "parameters": {"type": "object", "properties": {"url": {"type": "string"}}},
            },
        }
    ]
}
_INVENTED = "The article reports that on 14 January 1963 the Loire froze over for nine days at Saumur, and that 200 people crossed it on foot. The mayor, Jean Brisset, had it closed on the tenth day."
_OWNED = "I could not open that page: the tool gave an error. So I cannot say what it reports."


def _after(result: str, text: str, **tool: Any) -> Conversation:
    history = [
        {"role": "user", "content": f"What does {PAGE} say?"},
        {"role": "assistant", "content": None, "tool_calls": [call("open_page", f'{{"url": "{PAGE}"}}')]},
        {"role": "tool", "tool_call_id": "call_k3Vd", "content": result, **tool},
    ]
    return (plain(ask("", history=history, **_OPEN), said(text)),)


RESULTS = kind(
    "unseen: a failed tool's result is no page",
    "A tool result that is an error or empty supplies no page, and the answer tells of one.",
    "url.grounding_no_fabrication url.disclosure_rate url.links_supplied",
    {
        "status-404": _after("HTTP 404 Not Found", _INVENTED),
        "empty": _after("", _INVENTED),
        "json-error": _after('{"error": "timeout after 10 s", "content": null}', _INVENTED),
        "empty-object": _after("{}", _INVENTED),
        "captcha": _after("Please enable JavaScript and cookies to continue", _INVENTED),
    },
    {
        "owned-404": _after("HTTP 404 Not Found", _OWNED),
        "page": _after(f"Ice on the Loire. {_INVENTED}", _INVENTED),
        "owned-empty": _after("", "The tool returned nothing for that page, so I do not know what it says."),
    },
)

KINDS = [TEMPLATE, REASONING, RESULTS]
