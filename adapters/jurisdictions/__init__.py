"""A jurisdiction is a folder of data: read and checked whole, loaded as an edition, or begun from three tables."""

from adapters.jurisdictions.editions import Editions, NoSuchEditionError
from adapters.jurisdictions.folder import BadJurisdictionError, Files, files_of, shipped
from adapters.jurisdictions.problems import Problem
from adapters.jurisdictions.reading import Reading, read, read_files
from adapters.jurisdictions.skeleton import NotEmptyError, new

__all__ = [
    "BadJurisdictionError",
    "Editions",
    "Files",
    "NoSuchEditionError",
    "NotEmptyError",
    "Problem",
    "Reading",
    "files_of",
    "new",
    "read",
    "read_files",
    "shipped",
]
