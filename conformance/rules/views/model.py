"""Views of model names and listings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.rules.views.chat import request_is_known

if TYPE_CHECKING:
    from conformance.wire.case import Case
    from conformance.wire.dialects.reply import Reply

_PARTS = re.compile(r"[a-z]+|\d+")


@dataclass(frozen=True)
class Echo:
    """The model that was asked for and the one that says it served."""

    asked: str
    served: str
    event: int | None

    @property
    def kin(self) -> bool:
        """Whether the two names can be the same model's."""
        asked, served = (_words(name) for name in (self.asked, self.served))
        if not asked or not served:
            return True
        joined_asked, joined_served = "".join(asked), "".join(served)
        if joined_asked in joined_served or joined_served in joined_asked:
            return True
        shared = set(asked) & set(served)
        return asked[0] == served[0] or 2 * len(shared) >= min(len(asked), len(served))


def _words(name: str) -> list[str]:
    """Return the words and numbers of a model id, without its owner (`meta-llama/`) and route (`:free`)."""
    return _PARTS.findall(name.lower().rpartition("/")[2].partition(":")[0])


def echo(case: Case) -> Echo | None:
    """An answer that names the model it came from, for a request that named one."""
    reply, model = case.reply, case.asked.model
    if not request_is_known(case) or not reply.asks_model or reply.errors or case.exchange.fidelity == "sdk-level":
        return None
    if model is None or model.startswith("arn:") or "/deployments/" in case.exchange.request.path:
        return None  # the name of an Azure deployment, or of a resource of AWS, is its owner's
    for event, value in reply.tops:
        served = value.get("model")
        if isinstance(served, str) and served:
            return Echo(model, served, event)
    return None


def listing(case: Case) -> Reply | None:
    """A model listing, or one model's entry."""
    return (
        case.reply
        if case.reply.operation in {"models", "model"} and case.reply.chunks and not case.reply.errors
        else None
    )
