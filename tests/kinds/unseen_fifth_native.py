"""Unseen a fifth time: reports on the native protocols, on errors and on listings, written before the rules were read."""

from __future__ import annotations

from tests.kinds import (
    unseen_fifth_native_bodies,
    unseen_fifth_native_errors,
    unseen_fifth_native_gemini,
    unseen_fifth_native_messages,
    unseen_fifth_native_ollama,
    unseen_fifth_native_responses,
    unseen_fifth_native_sound,
)

KINDS = [
    *unseen_fifth_native_responses.KINDS,
    *unseen_fifth_native_bodies.KINDS,
    *unseen_fifth_native_messages.KINDS,
    *unseen_fifth_native_gemini.KINDS,
    *unseen_fifth_native_ollama.KINDS,
    *unseen_fifth_native_sound.KINDS,
    *unseen_fifth_native_errors.KINDS,
]
