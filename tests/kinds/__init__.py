"""Kinds of defects with variants and legal look-alikes, from which is counted how far each rule carries beyond its examples."""
