"""The seal: a tree of hashes over the log, signed; who changes, takes out or puts in anything of what was, is found."""

from adapters.seal.following import BrokenError, Seal
from adapters.seal.tables import SEAL

__all__ = ["SEAL", "BrokenError", "Seal"]
