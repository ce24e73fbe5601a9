"""Sets of dialects by name, as data: a rule says with one of them where it applies."""

from __future__ import annotations

from typing import Final, TypeAlias

from conformance.wire.dialects import (
    anthropic_messages,
    bedrock_converse,
    bedrock_embeddings,
    cohere,
    cohere_embeddings,
    embeddings,
    gemini,
    gemini_embeddings,
    gemini_interactions,
    ollama,
    ollama_embeddings,
    openai_chat,
    openai_completions,
    openai_responses,
    openai_transcriptions,
)

#: Names of dialects; None: every dialect, one that nobody has written among them.
Dialects: TypeAlias = frozenset[str] | None

ALL: Final[Dialects] = None
CHAT: Final = frozenset({openai_chat.NAME})
RESPONSES: Final = frozenset({openai_responses.NAME})
COMPLETIONS: Final = frozenset({openai_completions.NAME})
MESSAGES: Final = frozenset({anthropic_messages.NAME})
GEMINI: Final = frozenset({gemini.NAME})
OLLAMA: Final = frozenset({ollama.NAME})
COHERE: Final = frozenset({cohere.NAME})
INTERACTIONS: Final = frozenset({gemini_interactions.NAME})
CONVERSE: Final = frozenset({bedrock_converse.NAME})
OPENAI_EMBEDDINGS: Final = frozenset({embeddings.NAME})
COHERE_EMBEDDINGS: Final = frozenset({cohere_embeddings.NAME})
GEMINI_EMBEDDINGS: Final = frozenset({gemini_embeddings.NAME})
OLLAMA_EMBEDDINGS: Final = frozenset({ollama_embeddings.NAME})
BEDROCK_EMBEDDINGS: Final = frozenset({bedrock_embeddings.NAME})
TRANSCRIPTIONS: Final = frozenset({openai_transcriptions.NAME})

#: The dialects of OpenAI: one error envelope, and a code of its own for each cause of an error.
OPENAI: Final = CHAT | RESPONSES | COMPLETIONS | OPENAI_EMBEDDINGS | TRANSCRIPTIONS
#: The dialects that answer with vectors.
EMBEDDINGS: Final = OPENAI_EMBEDDINGS | COHERE_EMBEDDINGS | GEMINI_EMBEDDINGS | OLLAMA_EMBEDDINGS | BEDROCK_EMBEDDINGS
#: The dialects whose answers are a list of choices.
CHOICES: Final = CHAT | COMPLETIONS
#: The dialects whose streams are events that name their own type.
TYPED_EVENTS: Final = MESSAGES | RESPONSES | COHERE
#: The dialects that we read.
READ: Final = OPENAI | MESSAGES | GEMINI | OLLAMA | COHERE | CONVERSE | INTERACTIONS | EMBEDDINGS
#: The dialects in which a model can call tools.
TOOLS: Final = READ - COMPLETIONS - EMBEDDINGS - TRANSCRIPTIONS
#: The dialects in which a request can ask for several answers.
SEVERAL: Final = CHOICES | GEMINI
#: The dialects that a model answers in with words.
WORDS: Final = READ - EMBEDDINGS - TRANSCRIPTIONS
#: The dialects that list their models, those that list them as openai-chat does among these.
LISTED: Final = CHAT | MESSAGES | GEMINI | OLLAMA | COHERE
