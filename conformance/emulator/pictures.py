"""Pictures in a request: refused where the model does not see, and where their bytes are no picture. A provider's own words come first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.mind.completion import Refusal
from conformance.wire.dialects.ask import Image
from conformance.wire.picture import fault_of_picture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.providers import Target
    from conformance.wire.dialects.ask import Turn


def picture_refused(turns: Iterable[Turn], target: Target) -> Refusal | None:
    """Return why the pictures of a request are refused; None where it has none, or where each can be seen.

    Args:
        turns: of the request.
        target: whose model is asked.
    """
    urls = [part.url for turn in turns for part in turn.parts if isinstance(part, Image)]
    if urls and "vision" not in target.capabilities:
        return Refusal("unsupported_feature", f"The model '{target.model}' does not support image input.")
    faults = (fault for url in urls if (fault := fault_of_picture(url)) is not None)
    return next((Refusal("bad_parameter", f"Invalid image: it is {fault}.") for fault in faults), None)
