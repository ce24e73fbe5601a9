"""Shape drift: what the JSON and the headers of both sides look like, inferred from their answers and compared."""
