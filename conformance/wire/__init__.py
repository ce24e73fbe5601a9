"""What came over the wire, and what its bytes mean. It knows no provider, no rule and no verdict."""
