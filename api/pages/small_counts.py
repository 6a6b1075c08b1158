"""Counts as the public may read them: a small one is not told, so that nobody can be found behind it."""

FEWEST = 5  # from this many on a count is told


def shown(n: int) -> str:
    """The count in figures; '<5' for fewer than five, none at all included.

    None is not told either: who looks every day would see "0" turn into "<5" on the day that a neighbour complained.
    A page that shows parts must show no total of them beside: what is missing could be counted out.
    """
    return str(n) if n >= FEWEST else f"<{FEWEST}"
