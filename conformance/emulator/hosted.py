"""A request to a host that carries a dialect which is not its own: its body as the dialect's own API would have it, or its refusal.

Sources (read 2026-11-29): https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html:
anthropic_version is required. anthropic 2.14.0 sends the version of Anthropic's own API there, so that any is taken.
https://github.com/sigoden/aichat/issues/543 (2024-05): a `stream` in the body is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.mind.completion import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.providers.hosting import Hosting


def unhosted(body: Mapping[str, Any], hosting: Hosting) -> dict[str, Any] | Refusal:
    """Return a body without the members that the host alone takes; refuse one that lacks a version, or states what the path does."""
    missing = next((name for name in hosting.body if name not in body), None)
    if missing is not None:
        return Refusal("invalid_request", f"{missing}: Field required", missing)
    stated = next((name for name in sorted(hosting.without) if name in body), None)
    if stated is not None:
        return Refusal("invalid_request", f"{stated}: Extra inputs are not permitted", stated)
    return {name: value for name, value in body.items() if name not in hosting.body and name not in hosting.takes}
