"""Where a schema leaves a text free: there one chunk stands for those like it."""

from __future__ import annotations

import pytest

from conformance.rules.free_texts import is_free


@pytest.mark.parametrize(
    ("path", "free"),
    [
        (("choices", 0, "delta", "content"), True),
        (("choices", 0, "delta", "reasoning"), True),
        (("obfuscation",), True),
        (("a_vendor_s_own",), True),
        (("id",), False),  # not empty
        (("object",), False),  # a constant
        (("choices", 0, "delta", "role"), True),  # its rule reads every one
        (("choices", 0, "finish_reason"), False),
        (("created",), False),  # no text
    ],
)
def test_a_text_is_free_where_the_schema_asks_for_a_string_at_most(path: tuple[str | int, ...], *, free: bool) -> None:
    assert is_free("openai-chat/chunk", path) is free
