"""An error as google.rpc.Status writes it: code is the HTTP status, status the name of a google.rpc code.

Source: https://cloud.google.com/apis/design/errors and google/rpc/code.proto (read 2026-11-21).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES: Final[Mapping[int, str]] = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 409: "ABORTED",
    429: "RESOURCE_EXHAUSTED", 499: "CANCELLED", 500: "INTERNAL", 501: "UNIMPLEMENTED", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
}  # fmt: skip


def failure(status: int, kind: str | None, message: str) -> dict[str, Any]:
    """Return the body of an error. `kind` is the name where it is written as such a name is."""
    name = kind if kind is not None and kind.isupper() else _NAMES.get(status, "UNKNOWN")
    return {"error": {"code": status, "message": message, "status": name}}
