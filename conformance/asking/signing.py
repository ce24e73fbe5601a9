"""Signing requests as AWS wants them, where no key stands in the provider's variable: Signature Version 4, by botocore.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html (read 2026-11-28).
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.errors import UnusableInputError
from conformance.recording.redaction import is_secret_header
from conformance.wire.frames import require
from conformance.wire.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.providers import Target
    from conformance.wire.exchange import Request

#: `bedrock-runtime.us-east-1.amazonaws.com`, `bedrock-mantle.eu-west-1.api.aws`.
_REGION = re.compile(r"://[^/]*?\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.(?:amazonaws\.com|api\.aws)")
_DEFAULT_REGION = "us-east-1"


def signer_of(target: Target, base_url: str) -> Callable[[Request], Request] | None:
    """Return what signs a target's requests with the credentials of the usual AWS variables; None where a key is sent instead.

    The region is that of the address; an address without one takes AWS_REGION.

    Raises:
        UnusableInputError: botocore is not installed, or there are no credentials.
    """
    auth = target.auth
    if auth is None or not auth.sigv4 or os.environ.get(auth.env, "").strip():
        return None
    require(f"signing the requests to {target}")
    from botocore.auth import SigV4Auth  # noqa: PLC0415 - the extra
    from botocore.awsrequest import AWSRequest  # noqa: PLC0415 - the extra
    from botocore.credentials import EnvProvider  # noqa: PLC0415 - the extra
    from botocore.exceptions import PartialCredentialsError  # noqa: PLC0415 - the extra

    variables = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    try:
        credentials = EnvProvider().load()
    except PartialCredentialsError:
        credentials = None
    if credentials is None:
        raise UnusableInputError(
            f"neither {auth.env} nor {variables} are set", remedy=f"export one of them to ask {target}"
        )
    for secret in (credentials.access_key, credentials.secret_key, credentials.token):
        if secret:  # botocore computes with the plain ones; from here on redaction knows them
            Secret(secret)
    named = _REGION.search(base_url)
    fallback = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or _DEFAULT_REGION
    signer = SigV4Auth(credentials, auth.sigv4, named["region"] if named else fallback)

    def sign(request: Request) -> Request:
        signed = AWSRequest(request.method, request.url, headers={}, data=request.body)
        content_type = request.headers.get("content-type")
        if content_type:
            signed.headers["content-type"] = content_type
        signer.add_auth(signed)
        added = {name.lower(): _shown_to_nobody(name, str(value)) for name, value in signed.headers.items()}
        return replace(request, headers={**request.headers, **added})

    return sign


def _shown_to_nobody(name: str, value: str) -> str:
    """Return a header's value, as a secret where the whole of it is one; each signature is another, and is kept in no mind."""
    return Secret.passing(value) if is_secret_header(name) else value
