"""The tree: as RFC 6962 has it, checked by another implementation; and whatever is bent in it is found."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.seal import tiles, tree
from adapters.seal.tiles import HASH, MissingError, apart, grown, subtree_of
from tests.adapters.seal.another import mth, of_path, of_proof

MOST = 300
CONTENTS = [f"event {n}".encode() for n in range(MOST)]
# From the Certificate Transparency project's own test data: eight leaves, and the root over the first n of them.
KNOWN = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}  # fmt: skip


def over(contents: list[bytes]) -> tree.Subtree:
    """Perfect subtrees of some leaves, each made once."""

    @cache
    def subtree(level: int, n: int) -> bytes:
        if level:
            return tree.node_hash(subtree(level - 1, 2 * n), subtree(level - 1, 2 * n + 1))
        return tree.leaf_hash(contents[n])

    return subtree


def checked(most: int) -> None:
    """Every root, every path, and every pair of sizes, against the other implementation, and by our own checks."""
    subtree = over(CONTENTS)
    roots = [mth(CONTENTS[:n]) for n in range(most + 1)]
    for n in range(most + 1):
        assert tree.root(n, subtree) == roots[n]
    for n in range(1, most + 1):
        for m in range(n):
            path, leaf = tree.inclusion(m, n, subtree), tree.leaf_hash(CONTENTS[m])
            assert of_path(leaf, m, n, path) == roots[n] == tree.root_of_inclusion(leaf, m, n, path)
        for m in range(1, n + 1):
            path = tree.consistency(m, n, subtree)
            assert of_proof(m, n, path, roots[m]) == (roots[m], roots[n])
            assert tree.is_consistent(m, roots[m], n, roots[n], path)


def test_it_is_the_tree_of_the_rfc() -> None:
    subtree = over(KNOWN)
    assert {n: tree.root(n, subtree).hex() for n in ROOTS} == ROOTS


@pytest.mark.slow
def test_all_pairs_of_sizes_are_consistent_and_every_leaf_is_in_every_tree() -> None:
    checked(MOST)


def test_all_small_sizes() -> None:
    checked(40)


# --- what is not so is not proven

Bent = Callable[[list[bytes]], list[bytes]]
BENT: dict[str, Bent] = {
    "a bit": lambda path: [bytes([path[0][0] ^ 1]) + path[0][1:], *path[1:]] if path else [b"\0" * HASH],
    "one is missing": lambda path: path[:-1] if path else [b"\0" * HASH],
    "the first is missing": lambda path: path[1:] if path else [b"\0" * HASH],
    "one too many": lambda path: [*path, path[-1] if path else b"\0" * HASH],
    "turned round": lambda path: path[::-1] if path != path[::-1] else [*path, b"\0" * HASH],
}


def refused(most: int) -> None:
    """What is bent in a path, what is of another leaf, index, or size, and what has another root, is not proven."""
    subtree = over(CONTENTS)
    roots = [tree.root(n, subtree) for n in range(most + 2)]
    for n in range(1, most + 1):
        for m in range(n):
            path, leaf = tree.inclusion(m, n, subtree), tree.leaf_hash(CONTENTS[m])
            for bend in BENT.values():
                assert tree.root_of_inclusion(leaf, m, n, bend(path)) != roots[n]
            for other, size in ((m + 1, n), (m - 1, n), (m, n + 1), (n, n), (-1, n)):
                assert tree.root_of_inclusion(leaf, other, size, path) != roots[size], (m, n, other, size)
            assert tree.root_of_inclusion(roots[n + 1], m, n, path) != roots[n]
        for m in range(1, n + 1):
            path = tree.consistency(m, n, subtree)
            for bend in BENT.values():
                assert not tree.is_consistent(m, roots[m], n, roots[n], bend(path))
            assert not tree.is_consistent(m, roots[m + 1], n, roots[n], path)
            assert not tree.is_consistent(m, roots[m], n, roots[n - 1], path)
            assert not tree.is_consistent(n + 1, roots[n + 1], m, roots[m], path)
            assert m == n or not tree.is_consistent(0, tree.EMPTY, n, roots[n], path)


def test_what_is_not_so_is_not_proven() -> None:
    refused(20)


def test_what_cannot_be_is_refused() -> None:
    subtree = over(CONTENTS)
    for index, size in ((3, 3), (-1, 3), (0, 0)):
        with pytest.raises(ValueError, match="is not among"):
            tree.inclusion(index, size, subtree)
    for first, second in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="no beginning"):
            tree.consistency(first, second, subtree)


# --- in tiles


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=6), st.data())
def test_grown_in_any_batches_tiles_hold_the_same_tree(batches: list[int], data: st.DataObject) -> None:
    kept, size = dict[tuple[int, int], bytes](), 0
    hashes = [tree.leaf_hash(str(n).encode()) for n in range(sum(batches))]

    def tile(level: int, number: int) -> bytes:
        return kept.get((level, number), b"")

    for batch in batches:
        kept.update(grown(tile, size, hashes[size : size + batch]))
        size += batch
    subtree = subtree_of(tile)
    contents = [str(n).encode() for n in range(size)]
    at = data.draw(st.integers(1, size))
    assert tree.root(at, subtree) == mth(contents[:at])
    index = data.draw(st.integers(0, at - 1))
    assert of_path(hashes[index], index, at, tree.inclusion(index, at, subtree)) == mth(contents[:at])
    assert all(len(flat) <= tiles.FULL for flat in kept.values())
    assert sum(len(flat) for (level, _), flat in kept.items() if level == 0) == size * HASH


def test_a_tile_that_is_missing_is_missed() -> None:
    with pytest.raises(MissingError):
        grown(lambda _level, _number: b"", 5, [tree.EMPTY])
    with pytest.raises(MissingError):
        tree.root(5, subtree_of(lambda _level, _number: tree.EMPTY * 4))


def test_a_tile_that_is_longer_than_the_tree_does_no_harm() -> None:
    """Another process goes on sealing while somebody looks."""
    hashes = [tree.leaf_hash(str(n).encode()) for n in range(9)]
    flat = b"".join(hashes)
    subtree = subtree_of(lambda level, _number: flat if level == 0 else b"")
    assert [tree.root(n, subtree) for n in range(9)] == [mth([str(i).encode() for i in range(n)]) for n in range(9)]
    assert grown(lambda _level, _number: flat, 4, hashes[4:6]) == {(0, 0): flat[: 6 * HASH]}


# --- seeded faults


def half_of_all(count: int) -> int:
    return (count + 1) // 2


def not_padded(left: bytes, right: bytes) -> bytes:
    return tree.sha256(left + right).digest()


def as_a_leaf(left: bytes, right: bytes) -> bytes:
    return tree.leaf_hash(left + right)


def sides_changed(left: bytes, right: bytes) -> bytes:
    return tree.sha256(b"\x01" + right + left).digest()


def plain(content: bytes) -> bytes:
    return tree.sha256(content).digest()


def farthest_first(index: int, size: int, subtree: tree.Subtree) -> list[bytes]:
    return INCLUSION(index, size, subtree)[::-1]


def whole_again(first: int, second: int, subtree: tree.Subtree) -> list[bytes]:
    return list(tree._beginning(first, 0, second, subtree, whole=False))  # noqa: SLF001 - bent on purpose


def any_path_will_do(leaf: bytes, index: int, size: int, path: Any) -> bytes:
    return tree.root(size, over(CONTENTS))


def too_long_a_path_will_do(leaf: bytes, index: int, size: int, path: Any) -> bytes | None:
    return next((root for n in range(len(path) + 1) if (root := OF_INCLUSION(leaf, index, size, path[:n]))), None)


def only_the_new_root_counts(first: int, old: bytes, second: int, new: bytes, path: Any) -> bool:
    return any(CONSISTENT(first, tree.root(first, over(CONTENTS)), second, new, path) for _ in (old,))


def only_the_old_root_counts(first: int, old: bytes, second: int, new: bytes, path: Any) -> bool:
    return first > second or CONSISTENT(first, old, second, tree.root(second, over(CONTENTS)), path)


INCLUSION, OF_INCLUSION, CONSISTENT = tree.inclusion, tree.root_of_inclusion, tree.is_consistent
FAULTS: list[tuple[str, Callable[..., Any]]] = [
    ("_half", half_of_all),
    ("node_hash", not_padded),
    ("node_hash", as_a_leaf),
    ("node_hash", sides_changed),
    ("leaf_hash", plain),
    ("inclusion", farthest_first),
    ("consistency", whole_again),
    ("root_of_inclusion", any_path_will_do),
    ("root_of_inclusion", too_long_a_path_will_do),
    ("is_consistent", only_the_new_root_counts),
    ("is_consistent", only_the_old_root_counts),
]


@pytest.mark.parametrize(("name", "bent"), FAULTS, ids=[bent.__name__ for _, bent in FAULTS])
def test_what_is_bent_in_the_tree_is_found(
    monkeypatch: pytest.MonkeyPatch, name: str, bent: Callable[..., Any]
) -> None:
    monkeypatch.setattr(tree, name, bent)
    with pytest.raises((AssertionError, ValueError)):  # noqa: PT012 - either check may find it
        checked(12)
        refused(12)


def test_neighbours_of_a_pair_are_no_proof_for_it() -> None:
    subtree = over(CONTENTS)
    roots = [tree.root(n, subtree) for n in range(MOST)]
    for first, second in pairwise(range(1, 60)):
        path = tree.consistency(first, second, subtree)
        assert not tree.is_consistent(first, roots[first], second + 1, roots[second + 1], path)


def test_hashes_are_taken_apart() -> None:
    assert apart(b"a" * HASH + b"b" * HASH) == [b"a" * HASH, b"b" * HASH]
