"""Processes for the rotation: `python -m … work|rotate URL MASTER_KEY_FILE`, each until it is killed or done."""

import sys
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

from adapters.sealing import KeyDestroyed, Sealing, open_keys, read_masters, rotate, rotating
from domain.commands import AddNote
from domain.privacy import Clear, Sealed, Secrecy

WORDS = "words of somebody"


def work(url: str, path: Path) -> None:
    """Seal, and read what was sealed, again and again; it fails at the first word that cannot be read."""
    sealing, known, dice = Sealing(open_keys(url, read_masters(path))), list[tuple[UUID, Sealed]](), Random()
    while True:
        case = uuid4()
        sealed = sealing.seal(case, AddNote(Clear(Secrecy.NARRATIVE, WORDS))).text
        assert isinstance(sealed, Sealed)
        known.append((case, sealed))
        for one, words in dice.sample(known, min(3, len(known))):
            if sealing.unseal(one, "text", words) != WORDS:
                raise KeyDestroyed(one, Secrecy.NARRATIVE)
        _say(f"{case} {sealed.token}")


def turn(url: str, path: Path) -> None:
    """Rotate, in batches that are small enough to be killed in."""
    rotating.BATCH = 5
    for done in rotate(open_keys(url, read_masters(path)), path):
        _say(str(done))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    {"work": work, "rotate": turn}[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))
