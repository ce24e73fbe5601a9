"""What `conformance init` writes into somebody's project: pieces of text, and how they get there without a loss."""
