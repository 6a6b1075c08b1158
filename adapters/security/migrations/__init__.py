"""How the security log's tables came to be."""
