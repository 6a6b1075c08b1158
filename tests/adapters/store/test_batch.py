"""A batch decides what its commands would have got one after another, whatever they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from adapters.store.batch import Heads, Outcome, Write, Written
from tests.adapters.store.contender import NOON
from tests.adapters.store.stories import event
from workflow.keyed import Keyed, KeyKnown
from workflow.moments import EarlierError

STREAMS = [UUID(int=number) for number in (1, 2, 3)]

events = some.builds(event, some.sampled_from(STREAMS), some.integers(1, 4))
keys = some.builds(Keyed, some.sampled_from("kl"), some.sampled_from("ab"), some.just(b"hmac"), some.binary(max_size=2))
moments = some.integers(-9, 9).map(lambda number: NOON + timedelta(seconds=number / 3))
Said = list[int] | tuple[bytes, int] | datetime | None
writes = some.builds(Write, some.lists(events, max_size=3), moments, some.none() | keys)


@dataclass
class Plain:
    """The same rules again, the long way: all rows so far, and nothing else."""

    rows: list[tuple[UUID, int]]
    answers: dict[tuple[str, str], tuple[bytes, int]]
    latest: datetime = NOON - timedelta(days=1)

    def says(self, write: Write) -> Said:
        """Positions; or the answer of a known key; or the moment to decide at again; or None where a version does not follow."""
        name = write.keyed and (write.keyed.actor, write.keyed.key)
        if name in self.answers:
            return self.answers[name]
        if (self.latest - write.recorded_at).total_seconds() > 1:
            return self.latest
        rows = list(self.rows)
        for one in write.events:
            stream = UUID(str(one.originator_id))
            if one.originator_version != 1 + sum(other == stream for other, _ in rows):
                return None
            rows.append((stream, one.originator_version))
        positions = list(range(len(self.rows) + 1, len(rows) + 1))
        self.rows, self.latest = rows, max(self.latest, write.recorded_at)
        if write.keyed and name:
            self.answers[name] = (write.keyed.answer, len(rows))
        return positions


def said(outcome: Outcome) -> Said:
    """An outcome in the same words."""
    if isinstance(outcome, Written):
        return list(outcome.positions)
    if isinstance(outcome, EarlierError):
        return outcome.moment
    return (outcome.answer, outcome.position) if isinstance(outcome, KeyKnown) else None


@given(some.lists(writes, max_size=12))
def test_a_batch_is_its_commands_one_after_another(batch: list[Write]) -> None:
    heads, plain = Heads(), Plain([], {})

    outcomes = [heads.judge(write) for write in batch]

    assert [said(outcome) for outcome in outcomes] == [plain.says(write) for write in batch]
    assert [(row["stream"], row["version"]) for row in heads.new_events] == plain.rows
    assert [row["position"] for row in heads.new_events] == list(range(1, len(plain.rows) + 1))
    recorded = [row["recorded_at"] for row in heads.new_events]
    assert recorded == sorted(recorded)
