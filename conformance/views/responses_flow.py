"""The flow of Responses events: what was added before it is referred to, one end, and the numbers in order.

Source: https://platform.openai.com/docs/api-reference/responses-streaming (read 2026-11-21), openai 3.52.0's stream helper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.dialects.openai_responses import TERMINAL
from conformance.jsontext import MISSING
from conformance.rules.registry import shown
from conformance.views.anthropic_flow import Breach
