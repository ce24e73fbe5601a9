"""Error classes and the hints that come with them: what failed, whose fault it is, and when to come back."""

from conformance.knowledge.taxonomy.classes import CLASSES, UNKNOWN, Class, ErrorClass
from conformance.knowledge.taxonomy.classify import classify, classify_error
from conformance.knowledge.taxonomy.hints import Hint, hints_of, longest_wait

__all__ = [
    "CLASSES",
    "UNKNOWN",
    "Class",
    "ErrorClass",
    "Hint",
    "classify",
    "classify_error",
    "hints_of",
    "longest_wait",
]
