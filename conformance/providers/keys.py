"""API keys: from the variable that a provider's TOML names into the header that it names, and nowhere else."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from conformance.errors import UnusableInputError
from conformance.wire.secret import Secret

if TYPE_CHECKING:
    from conformance.providers import Target

#: In the names of variables that hold a secret.
_OF_A_SECRET: Final = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)


def environment_without_keys() -> dict[str, str]:
    """Return this process's environment for a child that asks no provider: without the variables whose names are those of secrets."""
    return {name: value for name, value in os.environ.items() if not _OF_A_SECRET.search(name)}


def key_of(target: Target) -> Secret | None:
    """Return the API key of a target's provider; None where it needs none, or where a signature takes its place.

    Raises:
        UnusableInputError: the variable is not set, or holds characters that no header can carry.
    """
    auth = target.auth
    if auth is None:
        return None
    key = os.environ.get(auth.env, "").strip()  # a key read from a file ends with a newline
    if not key and not auth.optional and not auth.sigv4:
        raise UnusableInputError(f"the variable {auth.env} is not set", remedy=f"export {auth.env}=... to ask {target}")
    if not (key.isascii() and key.isprintable()):
        raise UnusableInputError(
            f"the variable {auth.env} holds characters that no header can carry", remedy="set it to the key"
        )
    return Secret(key) if key else None


def key_name(target: Target) -> str:
    """Return what a target's key is called for people: the key in the variable that holds it."""
    auth = target.auth
    return f"the key in {auth.env}" if auth is not None else "the key"


def auth_headers(target: Target, key: str | None) -> dict[str, str]:
    """Return the headers that carry a key, in the provider's own form."""
    auth = target.auth
    if auth is None or key is None:
        return {}
    if not isinstance(key, Secret):  # one of our own servers takes it
        return {auth.header.lower(): f"{auth.scheme} {key}" if auth.scheme else key}
    return {auth.header.lower(): key.behind(auth.scheme) if auth.scheme else key}
