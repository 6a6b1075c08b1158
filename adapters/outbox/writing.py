"""Writing a letter: what a row means is read from the case's file when it is sent, and a number is unsealed only then."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from adapters.boards import Boards, register
from adapters.outbox.channels import Channel, Channels, reachable_at
from adapters.outbox.sending import Letter
from adapters.sealing import KeyDestroyed, Sealing
from domain.actors import SYSTEM, Actor
from domain.events import CaseLogged
from domain.privacy import Sealed, Secrecy
from workflow.casework import Casework
from workflow.messages import Message, Reporter, Said, Whom, messages, telling
from workflow.saying import subject_of, worded

Looked = Callable[[Actor, UUID, str], None]


class NoLongerPossible(LookupError):  # noqa: N818 - a verdict, not a fault
    """There is nobody left to tell; `reason` is a word."""

    def __init__(self, reason: str) -> None:
        """Why."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Desk:
    """Where letters are written."""

    casework: Casework
    boards: Boards
    sealing: Sealing
    channels: Channels
    looked: Looked

    def ways(self, row: Row[Any]) -> tuple[Channel, ...]:
        """Over which a row's recipient is reached; none where nobody set one up."""
        return self.channels.to_unit(row.unit) if row.unit else self.channels.to_reporters

    def letters(self, row: Row[Any], ways: tuple[Channel, ...]) -> Iterator[tuple[Channel, Letter]]:
        """One for each way. Raises NoLongerPossible."""
        message, phone = self._message(row), "" if row.unit else self._phone(row.reporter)
        law = self.casework.law_of(self.casework.case(row.case))
        about = self.casework.case(row.reporter or row.case)
        number = register.numbers(self.boards.engine, [about.id]).get(about.id, "")
        subject = subject_of(about, number, message)
        for way in ways:
            says: dict[str, Any] = {
                "case": str(about.id),
                "number": number,
                "category": subject.category,
                "place": subject.place,
                "unit": row.unit,
                **{name: _plain(value) for name, value in message.says.items()},
            }
            text = worded(message, subject, law, way.language)
            spelled = {**says, "title": text.title, "text": text.body, "language": way.language}
            yield way, Letter(row.id, row.kind, row.told_at, text, spelled, phone)

    def _message(self, row: Row[Any]) -> Message:
        """What the entry says to whom the row names."""
        *_, told = telling(self.casework.file(row.case, version=row.version))
        for message in messages(told):
            if message.kind == row.kind and self._meant(message.whom, row):
                return message
        raise NoLongerPossible("not_told_any_more")

    def _meant(self, whom: Whom, row: Row[Any]) -> bool:
        return isinstance(whom, Reporter) if row.reporter else whom == row.unit

    def _phone(self, case: UUID) -> str:
        """Unsealed for this one sending; the look is noted as anybody's is. Raises NoLongerPossible."""
        stands = self.casework.case(case)
        if stands.erased:
            raise NoLongerPossible("erased")
        began = self.casework.file(case, version=1)[0].event
        sealed = began.reporter.phone if isinstance(began, CaseLogged) and began.reporter else None
        if not isinstance(sealed, Sealed):
            raise NoLongerPossible("no_number")
        if Secrecy.CONTACT not in stands.kept:  # also where the event is there and the key not yet gone
            raise NoLongerPossible("erased")
        self.looked(SYSTEM, case, "phone")
        try:
            phone = reachable_at(self.sealing.unseal(case, "phone", sealed))
        except KeyDestroyed:
            raise NoLongerPossible("erased") from None
        if not phone:
            raise NoLongerPossible("no_number")
        return phone


def _plain(value: Said) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else value
