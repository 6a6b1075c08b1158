"""How the seal's tables came to be."""
