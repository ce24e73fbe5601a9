"""What requests that fail have in common, and requests that are answered lack: "every request with stream: true"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.wire.features import features

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.wire.exchange import Request


def shared_features(failing: Sequence[Request], answered: Sequence[Request]) -> list[str]:
    """Return, for each failing request, the words for those that it fails with.

    The feature that most failing requests share and no answered one has comes first; where it does not cover all, the next one
    explains the rest. Requests that no feature explains are only counted.
    """
    spared = {feature for request in answered for feature in features(request)}
    candidates = [[feature for feature in features(request) if feature not in spared] for request in failing]
    words: dict[int, str] = {}
    left = set(range(len(failing)))
    while left:
        best = _most_shared([candidates[index] for index in sorted(left)])
        covered = {index for index in left if best in candidates[index]} if best is not None else left
        count = len(covered)
        some = "this request" if count == 1 else f"these {count} requests"
        many = "the one request" if count == 1 else f"every request ({count})"
        words |= dict.fromkeys(covered, f"{many} with {best}" if best is not None else some)
        left -= covered
    return [words[index] for index in range(len(failing))]


def _most_shared(candidates: Sequence[Sequence[str]]) -> str | None:
    """Return the feature that most share; of several, the most telling one (it stands first)."""
    counts: dict[str, int] = {}
    places: dict[str, int] = {}
    for listed in candidates:
        for place, feature in enumerate(listed):
            counts[feature] = counts.get(feature, 0) + 1
            places[feature] = min(place, places.get(feature, place))
    return min(counts, key=lambda feature: (-counts[feature], places[feature], feature), default=None)
