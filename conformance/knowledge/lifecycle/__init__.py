"""Model lifecycle: a dated registry of retirements, what providers say of their models, and model names in a code base."""
