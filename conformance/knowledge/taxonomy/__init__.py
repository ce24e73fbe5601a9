"""Error classes and their hints: the failure, the side at fault, and the time to retry."""

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
