"""The field record: the findings of our rules in real recorded exchanges, as counts without bodies.

Field evidence is a kind of its own. A count of clean recordings is no pass: nobody asked these probes, and nobody knows the
exchanges that were not published. A count of findings is a fact about the provider on those dates.
"""

from __future__ import annotations

from conformance.knowledge.field.record import ANY_MODEL, Entry, FieldRecord, load_record
from conformance.knowledge.field.words import Confidence, confidence, sentence

__all__ = ["ANY_MODEL", "Confidence", "Entry", "FieldRecord", "confidence", "load_record", "sentence"]
