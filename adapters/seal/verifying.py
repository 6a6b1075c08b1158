"""Verifying: the log is read once more and compared with what was sealed, what was signed, and what others kept of that.

Nothing is written, and nobody is waited for: what was sealed when it began is verified while others go on writing. Where
all fits, the log is read once; where it does not, once more from there, to say what was done.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine

from adapters.seal.checkpoints import Checkpoint, checkpoint, claimed
from adapters.seal.faults import Fault, Kind
from adapters.seal.leaves import hash_of
from adapters.seal.locating import Locating
from adapters.seal.looking import BLOCK, Looking
from adapters.seal.proofs import NotGenuineError, Proof
from adapters.seal.tiles import FULL, HASH, WIDTH, apart
from adapters.seal.tree import perfect
from adapters.sealing.signing import FalseSignatureError, ForeignKeyError, NotANoteError, PublicKey, parted

UNSIGNED = {ForeignKeyError: Kind.FOREIGN, FalseSignatureError: Kind.FALSE}
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint, or a receipt, that somebody kept elsewhere, and where it was read."""

    source: str
    what: str | Proof


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: how much is sealed, and its root; how far the log has come; and every fault."""

    size: int
    root: bytes
    head: int
    signed: tuple[Checkpoint, ...]  # of those kept here, the first and the last that are genuine
    waits_since: datetime | None  # since when the first event that is not sealed has been there
    borne_out: tuple[tuple[Kept, Checkpoint], ...]  # of what was kept elsewhere, what is so here
    faults: tuple[Fault, ...]


def verified(
    seal: Engine,
    log: Engine,
    trusted: Sequence[PublicKey],
    kept: Iterable[Kept] = (),
    progress: Progress = lambda _done, _all: None,
) -> Report:
    """Look at everything, by the keys that are trusted; `progress(done, all)` in events."""
    return Verifying(Looking(seal, log), trusted).report(kept, progress)


class Verifying:
    """One look at a seal and its log."""

    def __init__(self, look: Looking, trusted: Sequence[PublicKey]) -> None:
        """`trusted` are the keys whose signatures count."""
        self._look, self._trusted = look, trusted
        self._faults = list[Fault]()
        self._differs = 0  # the first position at which the log is not what was sealed

    def report(self, kept: Iterable[Kept], progress: Progress) -> Report:
        """What is found."""
        look = self._look
        above, genuine = self._compared(progress), self._signed()
        higher = list(self._higher(above)) if not self._differs else []
        if (self._differs or higher) and self._log_is_as_signed(genuine[-1:]):
            self._faults = [one for one in self._faults if one.kind is not Kind.REWRITTEN]
            self._faults += higher or [Fault(Kind.TREE, self._differs, self._differs)]
        else:
            self._faults += higher or self._located()
        unsealed, since = look.beyond()
        if unsealed < look.head - look.size:
            self._faults.append(Fault(Kind.DELETED, look.size + 1, look.head))
        borne_out = tuple((one, found) for one in kept if (found := self._kept_elsewhere(one)))
        return Report(look.size, look.root(look.size), look.head, genuine, since, borne_out, tuple(self._faults))

    # --- the log against what was sealed

    def _compared(self, progress: Progress) -> list[bytes]:
        """Whether the log is what was sealed; returns what follows for the tiles above."""
        size, above = self._look.size, list[bytes]()
        self._faults += [Fault.at(Kind.INSERTED, row.position, row) for row in self._look.below()]
        for after in range(0, size, BLOCK):
            until = min(after + BLOCK, size)
            flat = self._look.hashes(0, after // WIDTH, (until - 1) // WIDTH)[: (until - after) * HASH]
            if not self._differs:
                self._differs = first_difference(self._look.leaves(after, until), after, until, flat)
            above += _roots(flat)
            progress(until, size)
        return above

    def _higher(self, hashes: Sequence[bytes]) -> Iterable[Fault]:
        """The first tile above that does not follow from those below: somebody has changed it."""
        level = 1
        while hashes:
            flat = self._look.hashes(level, 0, len(hashes) // WIDTH)[: len(hashes) * HASH]
            wrong = next((n for n, hashed in enumerate(hashes) if flat[n * HASH : (n + 1) * HASH] != hashed), None)
            if wrong is not None:
                yield Fault(Kind.TREE, wrong * WIDTH**level + 1, (wrong + 1) * WIDTH**level)
                return
            hashes, level = _roots(flat), level + 1

    def _log_is_as_signed(self, last: Sequence[Checkpoint]) -> bool:
        """Whether it is the tree that was changed: the log itself leads to the root that was signed."""
        return any(self._differs <= one.size and self._look.root_of_log(one.size) == one.root for one in last)

    def _located(self) -> Iterable[Fault]:
        """What was done to the log from where it differs."""
        look, begin = self._look, self._differs
        return Locating(look.events(begin), begin, look.size, look.leaf, look.sealed_by).faults() if begin else ()

    # --- what was signed

    def _signed(self) -> tuple[Checkpoint, ...]:
        """Of the checkpoints kept here, the first and the last that are genuine; what the tree does not bear out is told once."""
        genuine, strange = list[Checkpoint](), dict[tuple[Kind, str], Fault]()
        agrees, at = 0, 0
        for row in self._look.checkpoints():
            at = row.size
            found = self._opened(row.note)
            if isinstance(found, Fault):
                first = strange.setdefault((found.kind, found.said), replace(found, position=at, other=at))
                strange[found.kind, found.said] = replace(first, until=at)
                continue
            genuine = [*genuine[:1], found]
            if found.size == at and self._look.root(at) == found.root:
                agrees = at
            else:
                wrong = Fault(Kind.REWRITTEN, agrees + 1, at, other=at)
                strange.setdefault((Kind.REWRITTEN, ""), wrong)
        self._faults += strange.values()
        if at < self._look.signed <= self._look.size:
            self._faults.append(Fault(Kind.LOST, at + 1, self._look.signed, other=self._look.signed))
        if self._look.last > self._look.size:
            self._faults.append(Fault(Kind.TREE, self._look.size + 1, self._look.last))
        return tuple(genuine)

    def _opened(self, note: str) -> Checkpoint | Fault:
        """A checkpoint that a trusted key has signed; else what is wrong with it, and who it says has signed it."""
        try:
            return checkpoint(note, self._trusted)
        except NotANoteError:
            return Fault(Kind.UNREADABLE, 0)
        except (ForeignKeyError, FalseSignatureError) as wrong:
            return Fault(UNSIGNED[type(wrong)], 0, said=str(wrong))

    # --- what was kept elsewhere

    def _kept_elsewhere(self, kept: Kept) -> Checkpoint | None:
        """The checkpoint of a file, where all that the file says is so here."""
        note = kept.what if isinstance(kept.what, str) else kept.what.note
        found = self._opened(note)
        if isinstance(found, Fault):
            self._faults.append(replace(found, other=_claims(note), said=found.said, source=kept.source))
            return None
        wrong = [*self._not_borne_out(found), *(self._not_there(kept.what) if isinstance(kept.what, Proof) else ())]
        self._faults += [replace(one, source=kept.source) for one in wrong]
        return None if wrong else found

    def _not_borne_out(self, found: Checkpoint) -> Iterable[Fault]:
        """Whether the log begins with what was signed; it is asked itself where the tree does not speak for it."""
        size, head = found.size, self._look.head
        speaks = not 0 < self._differs <= size
        if size > head:
            yield Fault(Kind.OLDER, head + 1, size, other=size)
        elif not (speaks and self._look.root(size) == found.root) and self._look.root_of_log(size) != found.root:
            yield Fault(Kind.REWRITTEN, 1 if speaks else self._differs, size, other=size)

    def _not_there(self, proof: Proof) -> Iterable[Fault]:
        """Whether the event of a receipt is in the log, just as it was."""
        event = proof.event
        try:
            proof.checked(self._trusted)
        except NotGenuineError:
            yield Fault(Kind.NOT_GENUINE, event.position, event.position)
            return
        rows = self._look.stretch(event.position - 1, event.position)
        if [hash_of(row) for row in rows] != [proof.leaf_hash]:
            yield Fault(Kind.GONE, event.position, event.position, event.stream, event.version, event.name)


def first_difference(leaves: Sequence[bytes], after: int, until: int, flat: bytes) -> int:
    """The first position of a stretch whose event is not there, or not as it was sealed; 0: all are. A leaf names its position."""
    if b"".join(leaves) == flat and len(leaves) == until - after:
        return 0
    pairs = list(zip(leaves, apart(flat), strict=False))
    return next((at for at, (leaf, sealed) in enumerate(pairs, after + 1) if leaf != sealed), after + len(pairs) + 1)


def _roots(flat: bytes) -> list[bytes]:
    """Of every full tile, what stands for it in the one above."""
    full = len(flat) // FULL * FULL
    return [perfect(apart(flat[begin : begin + FULL])) for begin in range(0, full, FULL)]


def _claims(note: str) -> int:
    """How many events a checkpoint says that it counts, whoever wrote it."""
    try:
        return claimed(parted(note)[0])[1]
    except NotANoteError:
        return 0
