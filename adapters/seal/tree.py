"""A Merkle tree as RFC 6962 has it: who knows its root knows every leaf, and short proofs show that a leaf is in it.

Only perfect subtrees are asked for: `subtree(level, n)` is the root of the n-th run of 2 ** level leaves. So nothing here
knows where hashes are kept.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

Subtree = Callable[[int, int], bytes]
EMPTY = sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """The hash of what a leaf says."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two halves."""
    return sha256(b"\x01" + left + right).digest()


def perfect(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [
            sha256(b"\x01" + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=True)
        ]
    return hashes[0]


def root(size: int, subtree: Subtree) -> bytes:
    """The root of the first leaves."""
    return _over(0, size, subtree) if size else EMPTY


def inclusion(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """What has to be hashed with a leaf to come to the root of so many, nearest first. ValueError: it is none of them."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not among {size}")
    begin, path = 0, list[bytes]()
    while size - begin > 1:
        middle = begin + _half(size - begin)
        if index < middle:
            path.append(_over(middle, size, subtree))
            size = middle
        else:
            path.append(_over(begin, middle, subtree))
            begin = middle
    return path[::-1]


def consistency(first: int, second: int, subtree: Subtree) -> list[bytes]:
    """What shows that the first leaves are the beginning of the second. ValueError: they cannot be."""
    if not 0 < first <= second:
        raise ValueError(f"{first} leaves are no beginning of {second}")
    return list(_beginning(first, 0, second, subtree, whole=True))


def _beginning(first: int, begin: int, end: int, subtree: Subtree, *, whole: bool) -> Iterator[bytes]:
    if first == end:
        if not whole:  # else whoever asks has this root
            yield _over(begin, end, subtree)
        return
    middle = begin + _half(end - begin)
    if first <= middle:
        yield from _beginning(first, begin, middle, subtree, whole=whole)
        yield _over(middle, end, subtree)
    else:
        yield from _beginning(first, middle, end, subtree, whole=False)
        yield _over(begin, middle, subtree)


def _over(begin: int, end: int, subtree: Subtree) -> bytes:
    """The root over some leaves that begin where the tree divides."""
    level = (end - begin).bit_length() - 1
    if end - begin == 1 << level:
        return subtree(level, begin >> level)
    middle = begin + (1 << level)
    return node_hash(subtree(level, begin >> level), _over(middle, end, subtree))


def _half(count: int) -> int:
    """The largest power of two below."""
    return 1 << ((count - 1).bit_length() - 1)


# --- checking


def root_of_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to; None where no such path can be (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    at, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    return found if last == 0 else None


def is_consistent(first: int, old: bytes, second: int, new: bytes, path: Sequence[bytes]) -> bool:
    """Whether a path shows that an old root is of the beginning of a new one (RFC 9162, 2.1.4.2)."""
    if first == second:
        return old == new and not path
    if not 0 < first < second or not path:
        return False
    steps = list(path) if first & (first - 1) else [old, *path]
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    begun = grown = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            begun, grown = node_hash(step, begun), node_hash(step, grown)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            grown = node_hash(grown, step)
        at, last = at >> 1, last >> 1
    return last == 0 and (begun, grown) == (old, new)
