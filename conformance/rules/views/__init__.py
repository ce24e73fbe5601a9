"""Views: the part of a case, a session or a target that a rule judges. A view is None where its rules do not apply.

A view is a function of one case (or session); a case computes it once. Each module here holds the views of one subject.

Example:
    >>> from conformance import Case, Exchange, Request, Response, views
    >>> request = Request("POST", "https://llm.example/v1/chat/completions", body=b'{"model": "m", "messages": []}')
    >>> body = b'{"object": "chat.completion", "choices": [{"index": 0, "message": {"content": "Hi"}, "finish_reason": "stop"}]}'
    >>> case = Case(Exchange("x1", request, Response(200, {"content-type": "application/json"}, body)))
    >>> [choice.text for choice in case.view(views.chat.choices)]
    ['Hi']
    >>> refused = Exchange("x2", request, Response(404, {"content-type": "application/json"}, b'{"error": {}}'))
    >>> Case(refused).view(views.chat.choices) is None
    True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the rules, which are imported before this package, import the modules themselves
    from conformance.rules.views import (
        announced as announced,
    )
    from conformance.rules.views import (
        anthropic_messages as anthropic_messages,
    )
    from conformance.rules.views import (
        background as background,
    )
    from conformance.rules.views import (
        bedrock_converse as bedrock_converse,
    )
    from conformance.rules.views import (
        block_history as block_history,
    )
    from conformance.rules.views import (
        catalogue as catalogue,
    )
    from conformance.rules.views import (
        chat as chat,
    )
    from conformance.rules.views import (
        cohere_citations as cohere_citations,
    )
    from conformance.rules.views import (
        conversation as conversation,
    )
    from conformance.rules.views import (
        demands as demands,
    )
    from conformance.rules.views import (
        dialect_twins as dialect_twins,
    )
    from conformance.rules.views import (
        embeddings as embeddings,
    )
    from conformance.rules.views import (
        endings as endings,
    )
    from conformance.rules.views import (
        errors as errors,
    )
    from conformance.rules.views import (
        escapes as escapes,
    )
    from conformance.rules.views import (
        flow as flow,
    )
    from conformance.rules.views import (
        gemini as gemini,
    )
    from conformance.rules.views import (
        hints as hints,
    )
    from conformance.rules.views import (
        http as http,
    )
    from conformance.rules.views import (
        internals as internals,
    )
    from conformance.rules.views import (
        invalid_requests as invalid_requests,
    )
    from conformance.rules.views import (
        latency as latency,
    )
    from conformance.rules.views import (
        leaked_thoughts as leaked_thoughts,
    )
    from conformance.rules.views import (
        legal_requests as legal_requests,
    )
    from conformance.rules.views import (
        lifecycle as lifecycle,
    )
    from conformance.rules.views import (
        lost_spaces as lost_spaces,
    )
    from conformance.rules.views import (
        markup as markup,
    )
    from conformance.rules.views import (
        media as media,
    )
    from conformance.rules.views import (
        model as model,
    )
    from conformance.rules.views import (
        native as native,
    )
    from conformance.rules.views import (
        openai_completions as openai_completions,
    )
    from conformance.rules.views import (
        openai_responses as openai_responses,
    )
    from conformance.rules.views import (
        openai_transcriptions as openai_transcriptions,
    )
    from conformance.rules.views import (
        own_output as own_output,
    )
    from conformance.rules.views import (
        parameters as parameters,
    )
    from conformance.rules.views import (
        pictures as pictures,
    )
    from conformance.rules.views import (
        prompted as prompted,
    )
    from conformance.rules.views import (
        refusals as refusals,
    )
    from conformance.rules.views import (
        refused_twins as refused_twins,
    )
    from conformance.rules.views import (
        repeated_unit as repeated_unit,
    )
    from conformance.rules.views import (
        repeats as repeats,
    )
    from conformance.rules.views import (
        schema_views as schema_views,
    )
    from conformance.rules.views import (
        scrubbed as scrubbed,
    )
    from conformance.rules.views import (
        session as session,
    )
    from conformance.rules.views import (
        small_protocols as small_protocols,
    )
    from conformance.rules.views import (
        spoken_calls as spoken_calls,
    )
    from conformance.rules.views import (
        stream as stream,
    )
    from conformance.rules.views import (
        thinking_off as thinking_off,
    )
    from conformance.rules.views import (
        timing as timing,
    )
    from conformance.rules.views import (
        token_counts as token_counts,
    )
    from conformance.rules.views import (
        tokens as tokens,
    )
    from conformance.rules.views import (
        tools as tools,
    )
    from conformance.rules.views import (
        unusual_requests as unusual_requests,
    )
    from conformance.rules.views import (
        url as url,
    )
    from conformance.rules.views import (
        usage as usage,
    )
    from conformance.rules.views import (
        writing_systems as writing_systems,
    )
