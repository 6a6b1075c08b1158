"""Revisions of the key store, oldest first."""
