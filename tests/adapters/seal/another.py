"""Another verifier, written from the text of RFC 6962 (2.1) and C2SP's notes alone: it shares no line with ours.

`python -m tests.adapters.seal.another PROOF KEY` checks a receipt's file as anybody could.
"""

import json
import sys
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def h(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d: list[bytes]) -> bytes:
    if len(d) < 2:
        return h(b"\0", d[0]) if d else h()
    k = split(len(d))
    return h(b"\1", mth(d[:k]), mth(d[k:]))


def of_path(leaf: bytes, m: int, n: int, path: list[bytes]) -> bytes:
    """The root that PATH(m, D[n]) leads to."""
    if n == 1:
        assert not path
        return leaf
    k, rest, last = split(n), path[:-1], path[-1]
    return h(b"\1", of_path(leaf, m, k, rest), last) if m < k else h(b"\1", last, of_path(leaf, m - k, n - k, rest))


def of_proof(m: int, n: int, path: list[bytes], known: bytes | None) -> tuple[bytes, bytes]:
    """The old and the new root that SUBPROOF(m, D[n], b) leads to; `known` is the old one while b is true."""
    if m == n:
        (only,) = path if known is None else (known,)
        return only, only
    k, last = split(n), path[-1]
    if m <= k:
        old, new = of_proof(m, k, path[:-1], known)
        return old, h(b"\1", new, last)
    old, new = of_proof(m - k, n - k, path[:-1], None)
    return h(b"\1", last, old), h(b"\1", last, new)


def signed(note: str, key: str) -> tuple[int, bytes, int]:
    """Size, root and second of a checkpoint; InvalidSignature where the key has not signed it."""
    text, lines = note[: note.rindex("\n\n") + 1], note[note.rindex("\n\n") + 2 :]
    name, _, packed = key.split("+", 2)
    (line,) = (line.split(" ")[2] for line in lines.splitlines() if line.split(" ")[1] == name)
    at, signature = int.from_bytes(b64decode(line)[4:12], "big"), b64decode(line)[12:]
    Ed25519PublicKey.from_public_bytes(b64decode(packed)[1:]).verify(
        signature, f"cosignature/v1\ntime {at}\n{text}".encode()
    )
    return int(text.split("\n")[1]), b64decode(text.split("\n")[2]), at


def holds(content: str, key: str) -> bool:
    """Whether the event of a receipt's file is under the checkpoint that the key has signed."""
    said = json.loads(content)
    size, root, _ = signed(said["checkpoint"], key)
    position, leaf = int(said["leaf"].split("\n")[1]), h(b"\0", said["leaf"].encode())
    return of_path(leaf, position - 1, size, [b64decode(step) for step in said["path"]]) == root


if __name__ == "__main__":
    sys.exit(0 if holds(Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[2]) else 1)
