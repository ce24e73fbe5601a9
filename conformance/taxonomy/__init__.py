"""Error classes and the hints that come with them: what failed, whose fault it is, and when to come back."""

from conformance.taxonomy.classes import CLASSES, UNKNOWN, Class, ErrorClass
from conformance.taxonomy.classify import classify, classify_error
from conformance.taxonomy.hints import Hint, hints_of, longest_wait

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
