"""Tokens with their logprobs, and how an answer's last token leaves its sentence."""

from __future__ import annotations

from tests.mutation.mutant import mutant
from tests.mutation.operators import asked, edit, put, then
from tests.mutation.wire import counted

TOKENS = "/choices/0/logprobs/content"
BOTH = "plain-logprobs stream-logprobs"
BYTES, ALIGNED = "logprobs.bytes_are_token", "logprobs.tokens_are_content"


def _thought(text: str) -> dict[str, object]:
    return {
        "token": text,
        "logprob": -0.1,
        "bytes": list(text.encode()),
        "top_logprobs": [{"token": text, "logprob": -0.1}],
    }


def _cut(text: str) -> object:
    """Return the change to an answer of nine tokens that ends with a text as if it were whole."""
    return then(asked(max_tokens=9), put("/choices/0/message/content", text), put("/usage", counted(completion=9)))


MUTANTS = [
    mutant("logprobs-of-the-last-token-alone", edit(TOKENS, lambda tokens: tokens[-1:]), "plain-logprobs", ALIGNED),
    mutant("logprobs-without-the-first-token", edit(TOKENS, lambda tokens: tokens[1:]), "plain-logprobs", ALIGNED),
    mutant(
        "logprobs-of-the-thoughts-too",
        edit(TOKENS, lambda tokens: [_thought("<think>A river.</think>"), *tokens]),
        "plain-logprobs",
        ALIGNED,
    ),
    mutant("logprobs-twice", edit(TOKENS, lambda tokens: tokens * 2), "plain-logprobs", ALIGNED),
    mutant("token-in-byte-pair-letters", put(f"{TOKENS}/0/token", "\u0120Loire"), BOTH, BYTES),
    mutant("token-with-a-sentencepiece-space", put(f"{TOKENS}/0/token", "\u2581Loire"), BOTH, BYTES),
    mutant("bytes-of-another-token", put(f"{TOKENS}/0/bytes", list(b" Rhone")), BOTH, BYTES, ALIGNED),
    mutant(
        "rivals-of-another-token",
        put(f"{TOKENS}/0/top_logprobs", [{"token": " Seine", "logprob": -0.9, "bytes": list(b" Seine")}]),
        BOTH,
        "logprobs.top_holds_token",
    ),
    mutant(
        "rivals-in-byte-pair-letters",
        put(f"{TOKENS}/0/top_logprobs/0", {"token": "\u0120The", "logprob": -0.25, "bytes": list(b" The")}),
        BOTH,
        BYTES,
    ),
    mutant(
        "lowest-float", put(f"{TOKENS}/0/top_logprobs/0/logprob", -3.4028234663852886e38), BOTH, "logprobs.not_positive"
    ),
    mutant("ends-in-an-article", _cut("The longest river of France is the"), "plain", "max_tokens.finish_length"),
    mutant(
        "ends-in-a-german-article",
        _cut("Der l\u00e4ngste Fluss ist die Loire, der"),
        "plain",
        "max_tokens.finish_length",
    ),
    mutant("ends-in-a-conjunction", _cut("La Loire est un long fleuve et"), "plain", "max_tokens.finish_length"),
]
