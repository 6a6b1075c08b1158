"""Who sees what is under seal: whoever the permissions let, and each look is an entry; of photos one a day for each person."""

from itertools import product

from domain.commands import ShowPrivate
from domain.events import PrivateShown
from domain.privacy import Secrecy
from tests.spec import Asked, given
from tests.steps import called_out, logged
from tests.town import (
    arbiter,
    auditor,
    clerk,
    community,
    data_officer,
    dispatcher,
    dispatcher_elsewhere,
    grid_worker,
    hotline,
    leader_of_another_street,
    partner,
    reporter,
    roads,
    supervisor,
    system,
    water,
)

WORDS, CONTACT, PHOTOS = map(ShowPrivate, (Secrecy.NARRATIVE, Secrecy.CONTACT, Secrecy.PHOTOS))
WORKING = (grid_worker, community, clerk, hotline, dispatcher, arbiter, supervisor, water)
CHECKING = (auditor, data_officer, partner, system)
STRANGERS = (leader_of_another_street, dispatcher_elsewhere, roads)


def test_who_works_on_a_case_reads_what_was_reported() -> None:
    for actor in WORKING:
        given(called_out()).when(actor, WORDS).then("assigned stays", PrivateShown(Secrecy.NARRATIVE))


def test_the_street_and_the_hotline_see_how_the_reporter_is_reached() -> None:
    for actor in (clerk, hotline):
        given(called_out()).when(actor, CONTACT).then("assigned stays", PrivateShown(Secrecy.CONTACT))


def test_nobody_else_who_works_on_it_does() -> None:
    for actor in (grid_worker, community, dispatcher, arbiter, supervisor, water):
        given(called_out()).when(actor, CONTACT).refused("only_who_may_see_it")


def test_nor_does_who_only_checks_or_is_of_elsewhere() -> None:
    for actor, look in product((*CHECKING, *STRANGERS, reporter), (WORDS, CONTACT, PHOTOS)):
        given(called_out()).when(actor, look).refused("only_who_may_see_it")


def test_of_photos_one_look_a_day_is_written_for_each_person() -> None:
    seen = given(logged(), Asked(clerk, PHOTOS))
    seen.when(clerk, PHOTOS).nothing()
    given(logged(), Asked(clerk, PHOTOS)).when(hotline, PHOTOS).then("logged stays", PrivateShown(Secrecy.PHOTOS))
    next_day = given(logged(), Asked(clerk, PHOTOS, at="03-03 09:00"))
    next_day.when(clerk, PHOTOS, at="03-04 08:59").nothing()
    next_day = given(logged(), Asked(clerk, PHOTOS, at="03-03 09:00"))
    next_day.when(clerk, PHOTOS, at="03-04 09:00").then("logged stays", PrivateShown(Secrecy.PHOTOS))


def test_every_look_at_words_is_written() -> None:
    given(logged(), Asked(clerk, WORDS)).when(clerk, WORDS).then("logged stays", PrivateShown(Secrecy.NARRATIVE))
