"""A database of each kind, as the store's own tests have it."""

from tests.adapters.store.conftest import engine, url, writer

__all__ = ["engine", "url", "writer"]
