"""`conformance upgrade A B`: two sides are read, compared, and answered by one verdict."""
