"""Sealing: private words under keys that can be destroyed."""
