"""Model names in a code base: which literals of which files they are, and whose they are."""
