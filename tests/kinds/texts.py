"""Kinds: what of a chat template, or of the reasoning, reaches the text."""

from __future__ import annotations

from tests.kinds.kind import kind
from tests.kinds.material import answer, anthropic, gemini, ollama, responses_text, streamed_talk, talk
from tests.mutation.answers import ROLE
from tests.mutation.wire import ask, piece, plain, said, spoken, stream

TEMPLATE = kind(
    "markup of the chat template",
    "Role or tool-response markup of the chat template stands in the text.",
    "content.no_special_tokens",
    {
        "im-end": answer("The Loire.<|im_end|>"),
        "im-start-user": answer("The Loire.<|im_end|>\n<|im_start|>user\nAnd the Seine?"),
        "assistant-mark": answer("<|assistant|>\nThe Loire."),
        "user-mark": answer("The Loire.\n<|user|>\nAnd the Seine?"),
        "observation": answer("The Loire.<|observation|>"),
        "eot": answer("The Loire.<|eot_id|>"),
        "header": answer("<|start_header_id|>assistant<|end_header_id|>\n\nThe Loire."),
        "header-stripped": answer("assistant\n\nThe Loire is the longest river in France."),
        "model-stripped": answer("model\nThe Loire is the longest river in France."),
        "next-user-stripped": answer("The Loire.user\nAnd the Seine?assistant\nThe Seine is shorter."),
        "next-turn-lines": answer("The Loire.\nuser\nAnd the Seine?\nassistant\nThe Seine."),
        "human-turn": answer("The Loire.\n\nHuman: And the Seine?\n\nAssistant: The Seine is shorter."),
        "user-turn": answer("The Loire.\n\nUser: And the Seine?\nAssistant: It is shorter."),
        "instruction-turn": answer("The Loire.\n\n### Instruction:\nName another.\n\n### Response:\nThe Seine."),
        "inst": answer("[INST] Name a river [/INST] The Loire."),
        "sys": answer("<<SYS>>\nYou are helpful.\n<</SYS>>\nThe Loire."),
        "turn": answer("The Loire.<end_of_turn>"),
        "turn-model": answer("<start_of_turn>model\nThe Loire."),
        "new-turn": answer("The Loire.<turn|>"),
        "tool-response": talk("<tool_response>\n14 degrees\n</tool_response>\nIt is mild."),
        "tool-response-end": talk("It is mild.</tool_response>"),
        "tool-result": talk("<tool_result>14 degrees</tool_result> It is mild."),
        "function-results": talk("<function_results>\n<result>14</result>\n</function_results>\nIt is mild."),
        "tool-outputs": talk(
            "<\uff5ctool\u2581outputs\u2581begin\uff5c>14<\uff5ctool\u2581outputs\u2581end\uff5c>It is mild."
        ),
        "tools-block": talk('<tools>\n{"type": "function"}\n</tools>\nIt is mild.'),
        "tool-results-brackets": talk('[TOOL_RESULTS] {"content": 14} [/TOOL_RESULTS] It is mild.'),
        "return": answer("The Loire.<|return|>"),
        "channel": answer("<|channel|>final<|message|>The Loire."),
        "channel-cut": answer("<|channel>final\nThe Loire."),
        "end-of-sentence": answer("The Loire.<\uff5cend\u2581of\u2581sentence\uff5c>"),
        "s": answer("The Loire.</s>"),
        "endoftext": answer("The Loire.<|endoftext|>The"),
        "pad": answer("The Loire.<pad><pad>"),
        "fim": answer("<|fim_prefix|>The Loire"),
        "reserved": answer("The Loire.<|reserved_special_token_3|>"),
        "unused": answer("The Loire.<unused42>"),
        "mask": answer("The Loire is [PAD] [PAD]"),
        "streamed": streamed_talk("The Loire", ".", "<|im", "_end|>"),
        "anthropic": anthropic([{"type": "text", "text": "The Loire.<|eot_id|>"}], stop_reason="end_turn"),
        "gemini": gemini([{"text": "The Loire.<end_of_turn>"}]),
        "responses": responses_text("The Loire.<|end|>"),
        "ollama": ollama({"content": "The Loire.<|im_end|>"}),
        "reasoning": (plain(ask(), said("The Loire.", reasoning_content="One.<|im_end|>")),),
    },
    {
        "asked": answer("<|im_end|> ends a turn.", "What is <|im_end|>?"),
        "in-code": answer("Write `<|im_end|>` there.", "How does ChatML end a turn?"),
        "html": answer("<p>The Loire.</p><s>old</s>", "In HTML, please."),
        "pipe-table": answer("|a|b|\n|---|---|\n|1|2|"),
        "assistant-word": answer("Assistant to the regional manager: Dwight."),
        "dialogue-asked": answer("User: Hi\nAssistant: Hello", "Write a dialogue of User and Assistant."),
        "heading": answer("### Response times\nFine."),
        "generic": answer("List<String> and Map<K, V>", "Java generics?"),
        "user-in-prose": answer("The user\nlogs in."),
        "model-in-prose": answer("Model\nT is black."),
        "haskell": answer("f <|> g is an alternative."),
        "f-sharp": answer("x |> f <| y"),
    },
)

REASONING = kind(
    "reasoning in the text",
    "The chain of thought stands in the text, with marks or headings of its own.",
    "reasoning.not_in_content gemini.thoughts_marked",
    {
        "think": answer("<think>They want a river.</think>The Loire."),
        "think-closing": answer("They want a river.\n</think>\n\nThe Loire."),
        "thinking": answer("<thinking>They want a river.</thinking>\nThe Loire."),
        "thought": answer("<thought>They want a river.</thought>The Loire."),
        "reasoning": answer("<reasoning>They want a river.</reasoning>The Loire."),
        "reflection": answer("<reflection>They want a river.</reflection>The Loire."),
        "brackets": answer("[THINK]They want a river.[/THINK]The Loire."),
        "kimi": answer("\u25c1think\u25b7They want a river.\u25c1/think\u25b7The Loire."),
        "thought-prefix": answer("THOUGHT: The user wants one river, so one is enough.\n\nThe Loire."),
        "thought-prefix-gemini": gemini([{"text": "THOUGHT: They want the weather.\nIt is mild."}]),
        "thought-line": answer("thought\nThe user wants one river in France. The Loire is the longest.\n\nThe Loire."),
        "thinking-process": answer(
            "Thinking Process:\n1. The user wants one river.\n2. The Loire is the longest.\n\nThe Loire."
        ),
        "reasoning-heading": answer("**Reasoning:** The user wants one river.\n\n**Answer:** The Loire."),
        "harmony": answer("analysisThe user wants a river.assistantfinalThe Loire."),
        "final-answer": answer(
            "Okay, the user wants one river in France. Let me think. The Loire is the longest.\n\nFinal Answer: The Loire."
        ),
        "repeated": (
            plain(
                ask(),
                said(
                    "They want one river, so one is enough.\nThe Loire.",
                    reasoning_content="They want one river, so one is enough.",
                ),
            ),
        ),
        "streamed-repeated": (
            stream(
                ask(),
                [
                    ROLE,
                    piece({"reasoning_content": "They want one river,", "content": "They want one river,"}),
                    piece({"reasoning_content": " so one is enough.", "content": " so one is enough."}),
                    *spoken("Loire.")[1:],
                ],
            ),
        ),
        "seed": answer("<seed:think>They want a river.</seed:think>The Loire."),
        "details": answer(
            '<details type="reasoning" done="true">\n<summary>Thought for 2 seconds</summary>\nThey want a river.\n</details>\nThe Loire.'
        ),
        "internal": answer("<|begin_of_thought|>They want a river.<|end_of_thought|>The Loire."),
        "anthropic": anthropic(
            [{"type": "text", "text": "<thinking>They want a river.</thinking>\nThe Loire."}], stop_reason="end_turn"
        ),
        "refined": answer("<scratchpad>They want a river.</scratchpad>The Loire."),
    },
    {
        "asked": answer("Reasoning: one river.\nAnswer: the Loire.", "Give your reasoning, then the answer."),
        "asked-step-by-step": answer("Thought: one.\nAction: none", "Write Thought: and Action:."),
        "tag-asked": answer("<thinking>One.</thinking>The Loire.", "Put your thoughts in <thinking> tags."),
        "word": answer("I thought the Loire was longer."),
        "thought-experiment": answer("Thought experiments are useful."),
        "heading": answer("## Thinking\nPhilosophers think."),
    },
)

KINDS = [TEMPLATE, REASONING]
