"""Messages as they would be read, before anybody gets one: of a case, or of one that never was."""

from collections.abc import Iterator
from uuid import UUID

from adapters.boards import register
from api.whole import Whole
from workflow.messages import Kind, telling
from workflow.messages import messages as messages_of
from workflow.saying import Text, example, subject_of, worded


def previewed(whole: Whole, kind: Kind, language: str, case: UUID | None = None) -> Iterator[Text]:
    """What is told of a case, each time it was; of one that never was where none is given."""
    if case is None:
        yield worded(*example(kind, whole.law), whole.law, language)
        return
    number = register.number(whole.boards.engine, case)
    for told in telling(whole.casework.file(case)):
        for message in messages_of(told):
            if message.kind is kind:
                subject = subject_of(told.case, number, message)
                yield worded(message, subject, whole.casework.law_of(told.case), language)
