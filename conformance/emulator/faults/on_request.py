"""What a fault does to a request before it is answered: parameters are forgotten, or taken for something else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from conformance.emulator.faults.on_content import value_of
from conformance.wire.form import File, read_form, write_form

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.wire.exchange import Request


def forget(request: Request, *, members: list[str]) -> Request:
    """Answer as if these members had not been sent."""
    body = {name: value for name, value in request.json.items() if name not in members}
    return _asking(request, body)


def ask(request: Request, *, members: Mapping[str, Any]) -> Request:
    """Answer as if these members had been sent, in place of those that were."""
    return _asking(request, {**request.json, **value_of(members)})


def _asking(request: Request, body: Mapping[str, Any]) -> Request:
    """Return the request with another body; one whose body is neither an object nor a form stays as it is."""
    content_type = request.headers.get("content-type", "")
    files = {name: value for name, value in read_form(content_type, request.body) if isinstance(value, File)}
    if files:
        texts = {f"{name}[]" if isinstance(value, list) else name: value for name, value in body.items()}
        label, form = write_form({**files, **texts})
        return replace(request, headers={**request.headers, "content-type": label}, body=form)
    return (
        replace(request, body=json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        if request.json
        else request
    )


OPERATORS: Final[Mapping[str, Callable[..., Request]]] = {entry.__name__: entry for entry in (forget, ask)}
