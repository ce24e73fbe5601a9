"""Real SDKs as clients: which of them survives which provider, and which fault, told by what they make of a known answer."""
