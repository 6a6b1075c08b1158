"""What the system does by itself says why, in the reader's words."""

import re

import pytest

from domain.actors import SYSTEM
from domain.events import CaseReferredUp, DeadlineMissed, DeadlineNear, SupervisionOpened
from tests.told import lives
from workflow.telling import told
from workflow.words import RULES


@pytest.mark.parametrize("language", ["zh", "en"])
def test_why_it_was_done_is_said_in_words(language: str) -> None:
    told_of = {
        (entry.event.reason, told(entry, life.law, language))
        for life in lives()
        for entry in life.file
        if entry.actor == SYSTEM and isinstance(entry.event, SupervisionOpened | CaseReferredUp)
    }
    assert {reason for reason, _ in told_of} >= {
        "missed",
        "missed_too_often",
        "rework_at_maximum",
        "reopened_again",
        "not_satisfied",
    }
    for reason, sentence in told_of:
        assert RULES[reason][language == "en"] in sentence, sentence
        assert "yellow" not in sentence or language == "en", sentence


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_deadline_names_the_unit_whose_it_is_if_it_is_a_unit_s(language: str) -> None:
    found = {
        (entry.event.unit, told(entry, life.law, language))
        for life in lives()
        for entry in life.file
        if isinstance(entry.event, DeadlineMissed | DeadlineNear)
    }
    assert {bool(unit) for unit, _ in found} == {True, False}
    for unit, sentence in found:
        assert bool(re.search(r"[（(].+[)）]", sentence)) is bool(unit), sentence
