"""The store keeps every acknowledged event, in order, once."""
