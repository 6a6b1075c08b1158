"""What everybody may see: a street's clerk clears photos and words, and takes back what was cleared."""

from domain.commands import AddPhoto, AmendCase, ClearPhoto, ClearWords, Urge, WithholdPhoto
from domain.events import CaseUrged, PhotoAdded, PhotoCleared, PhotoWithheld, WordsCleared
from domain.privacy import Sealed, Secrecy
from tests.spec import Asked, given
from tests.steps import called, closed, forgotten, logged, passed, result, working
from tests.town import clerk, grid_worker, leader, reporter, supervisor, water

PICTURE, COPY, OTHER_COPY = (Sealed(Secrecy.PHOTOS, token) for token in ("photo", "copy", "other copy"))
PHONE = "call 13800138000"


def photographed() -> Asked:
    return Asked(reporter, AddPhoto(PICTURE))


def urged(words: str = PHONE) -> Asked:
    return Asked(clerk, Urge(words))


def cleared() -> Asked:
    return Asked(clerk, ClearPhoto(1, COPY, 2))


def test_a_photo_is_cleared_by_the_street_alone() -> None:
    story = given(*working(), photographed())
    story.when(clerk, ClearPhoto(1, COPY, 2)).then("in_progress stays", PhotoCleared(1, COPY, 2))
    story.when(leader, ClearPhoto(1, COPY, 0)).then("in_progress stays", PhotoCleared(1, COPY, 0))
    for other in (grid_worker, water, supervisor, reporter):
        story.when(other, ClearPhoto(1, COPY, 0)).refused("only_the_street")
    story.when(clerk, ClearPhoto(2, COPY, 0)).refused("there_is_such_a_photo")
    given(*working()).when(clerk, ClearPhoto(1, COPY, 0)).refused("there_is_such_a_photo")


def test_it_is_cleared_again_where_more_is_to_be_blacked_out() -> None:
    given(*working(), photographed(), cleared()).when(clerk, ClearPhoto(1, OTHER_COPY, 3)).then(
        "in_progress stays", PhotoCleared(1, OTHER_COPY, 3)
    )


def test_what_was_cleared_is_taken_back_with_a_reason() -> None:
    story = given(*working(), photographed(), cleared())
    story.when(clerk, WithholdPhoto(1, "a face")).then("in_progress stays", PhotoWithheld(1, "a face"))
    story.when(clerk, WithholdPhoto(1, " ")).refused("say_it")
    story.when(water, WithholdPhoto(1, "a face")).refused("only_the_street")
    withheld = given(*working(), photographed(), cleared(), Asked(clerk, WithholdPhoto(1, "a face")))
    withheld.when(clerk, WithholdPhoto(1, "a face")).refused("everybody_sees_the_photo")
    given(*working(), photographed()).when(clerk, WithholdPhoto(1, "a face")).refused("everybody_sees_the_photo")


def test_once_the_case_has_ended_photos_and_words_are_still_cleared() -> None:
    given(*working(), photographed(), result(), passed(), called(), closed()).when(clerk, ClearPhoto(1, COPY, 0)).then(
        "closed stays", PhotoCleared(1, COPY, 0)
    )


def test_nobody_clears_what_was_erased_but_what_came_after() -> None:
    story = given(*working(), photographed(), cleared(), *forgotten())
    story.when(clerk, ClearPhoto(1, COPY, 0)).refused("it_is_not_erased")
    story.when(clerk, WithholdPhoto(1, "a face")).refused("everybody_sees_the_photo")
    story.when(water, AddPhoto(PICTURE)).then("in_progress stays", PhotoAdded(PICTURE))
    story.when(clerk, ClearPhoto(2, COPY, 0)).then("in_progress stays", PhotoCleared(2, COPY, 0))


def test_words_that_may_tell_somebody_are_looked_at_by_the_street() -> None:
    story = given(logged(), urged())
    story.when(grid_worker, ClearWords(2)).refused("only_the_street")
    story.when(clerk, ClearWords(3)).refused("they_were_written")
    story.when(clerk, ClearWords(2)).then("logged stays", WordsCleared(2))
    given(logged()).when(clerk, ClearWords(1)).refused("words_are_marked")
    given(logged(), urged("soon")).when(clerk, ClearWords(2)).refused("words_are_marked")


def test_what_was_put_right_is_not_looked_at_any_more() -> None:
    marked, right = AmendCase(summary=PHONE), AmendCase(summary="call the owner")
    given(logged(), Asked(clerk, marked)).when(clerk, ClearWords(2)).then("logged stays", WordsCleared(2))
    given(logged(), Asked(clerk, marked), Asked(clerk, right)).when(clerk, ClearWords(3)).refused("words_are_marked")


def test_what_comes_after_is_looked_at_again() -> None:
    looked = Asked(clerk, ClearWords(2))
    given(logged(), urged(), looked).when(clerk, ClearWords(3)).refused("words_are_marked")
    again = given(logged(), urged(), looked)
    again.when(clerk, Urge(PHONE)).then("logged stays", CaseUrged(PHONE))
    again.when(clerk, ClearWords(4)).then("logged stays", WordsCleared(4))
