"""Model lifecycle: a dated registry of retirements, the providers' own statements, and model names in a code base."""
