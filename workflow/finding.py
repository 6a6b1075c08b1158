"""Finding: the words by which a case is found, in pairs of neighbouring characters, so that Chinese needs no dictionary.

Only what everybody may read is taken: the public summary, and what the case is about. Categories and places have names
of their own, and are found among those.
"""

from collections.abc import Iterator
from itertools import groupby, pairwise
from unicodedata import category, normalize

from domain.case import Case
from domain.jurisdiction import Jurisdiction
from domain.places import Place, Rung
from domain.taxonomy import Category

SPOKEN = "LNM"  # letters, figures, and the marks that belong to a letter


def plain(text: str) -> str:
    """Wide and capital letters count as plain ones."""
    return normalize("NFKC", text).casefold()


def pairs(text: str) -> frozenset[str]:
    """Every two neighbours of each run of letters and figures."""
    runs = (list(run) for spoken, run in groupby(plain(text), key=lambda sign: category(sign)[0] in SPOKEN) if spoken)
    return frozenset(one + other for run in runs for one, other in pairwise(run))


def pairs_of(case: Case) -> frozenset[str]:
    """Those of all that a case is found by."""
    return pairs(case.summary) | (pairs(case.about.label) if case.about else frozenset())


def categories_called(law: Jurisdiction, words: str) -> Iterator[Category]:
    """The categories in one of whose names the words stand, or which are so coded."""
    for one in law.taxonomy.by_code.values():
        if one.code == words or _called(words, *one.names.values()):
            yield one


def places_called(law: Jurisdiction, words: str) -> Iterator[Place]:
    """The places below the district in one of whose names the words stand, or which are so coded."""
    for one in law.places.by_code.values():
        if one.rung is not Rung.DISTRICT and (one.code == words or _called(words, *one.names.values())):
            yield one


def _called(words: str, *names: str) -> bool:
    wanted = plain(words.strip())
    return bool(pairs(words)) and any(wanted in plain(name) for name in names)
