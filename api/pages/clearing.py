"""The page of one photo: a clerk draws black boxes over what is nobody's business, and clears a copy for everybody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.photos import MOST_BOXES, Box
from api.clearing import cleared, kept_as, public_copy
from api.desk import Desk
from api.pages.acting.filling import Said
from api.pages.acting.sent import FormSaid, answers, first, key_of, number_of
from api.pages.acting.wrongs import Wrong, wrong_of
from api.pages.photos import OF_A_PHOTO, case_within
from api.pages.reading import Reader, Reading, Staff
from api.pages.routing import NoPageError, page_router
from api.problems import Trouble
from api.security import within_reach
from domain.case import Case
from domain.permissions import Permission
from domain.photos import Photo
from workflow.ask import Refused
from workflow.casework import ContendedError, StaleError

clearing_pages = page_router()
SIDES = ("left", "top", "width", "height")
ROOM = 3  # empty rows, for those who draw without script


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo of a case that whoever is signed in may clear."""

    case: Case
    photo: Photo
    kept: UUID


def _shown(v: Reading, case: UUID, nth: int) -> Shown:
    found = case_within(v, case)
    photo = found.photo(nth) if within_reach(found, v.me, Permission.CLEAR_PHOTOS) else None
    kept = kept_as(v.parts, case, photo) if photo else None
    if photo is None or kept is None or v.parts.photos.read(case, kept) is None:
        raise NoPageError
    return Shown(found, photo, kept)


@clearing_pages.get("/cases/{case}/clearing/{nth}")
def clearing_page(v: Reader, case: UUID, nth: int) -> HTMLResponse:
    """The photo, what is blacked out of it, and what everybody sees."""
    return _page(v, _shown(v, case, nth), {})


def _page(v: Reading, one: Shown, said: Said, wrong: Wrong | None = None) -> HTMLResponse:
    rows = [row for row in _rows(said) if any(row)]
    room = min(ROOM, MOST_BOXES - len(rows))
    return v.page(
        "clearing", wrong.status if wrong else 200, case=one.case, photo=one.photo, kept=one.kept, wrong=wrong, sides=SIDES, said=said,
        rows=rows, empty=room, drawn=[box for row in rows if (box := _box(row)) and box.lies_within], nothing=first(said, "nothing") == "yes",
        most=MOST_BOXES, key=first(said, "key") or v.key(),
    )  # fmt: skip


@clearing_pages.get("/cases/{case}/clearing/{nth}/copy")
def look(v: Reader, case: UUID, nth: int) -> Response:
    """What everybody sees of it, for those who work on the case."""
    found = case_within(v, case)
    copy = public_copy(v.parts, found, nth) if within_reach(found, v.me, Permission.SEE_PHOTOS) else None
    if copy is None:
        raise NoPageError
    return Response(copy, media_type="image/jpeg", headers=OF_A_PHOTO)


@clearing_pages.post("/cases/{case}/clearing/{nth}")
async def clear(v: Staff, case: UUID, nth: int, said: FormSaid) -> Response:
    """It is cleared; or only shown, by the other button."""
    one = await run_sync(_shown, v, case, nth)
    if "show" in said:
        return await run_sync(_page, v, one, said)
    desk = _desk(v, case, nth, said)
    try:
        await cleared(desk, case, nth, _boxes(said), nothing=first(said, "nothing") == "yes")
    except (Refused, StaleError, ContendedError, Trouble) as error:
        wrong = wrong_of(v, error)
        return await run_sync(_page, v, one, said, wrong)
    return RedirectResponse(v.url("cases", str(case), did="ClearPhoto", of=str(case)), 303)


def _desk(v: Reading, case: UUID, nth: int, said: Said) -> Desk:
    key, told = key_of(said), repr((str(case), nth, sorted(answers(said).items()))).encode()
    return Desk(
        v.parts,
        v.me,
        v.language,
        key,
        number_of(first(said, "seen")),
        v.parts.master.fingerprints(v.me.staff, key, told),
    )


# --- what was filled in

Row = tuple[str, ...]


def _rows(said: Said) -> Iterator[Row]:
    """Each row as it was sent."""
    columns = ([text.strip() for text in said.get(side, ())] for side in SIDES)
    yield from zip_longest(*columns, fillvalue="")


def _boxes(said: Said) -> Sequence[Box]:
    """The boxes of the rows in which anything stands. Raises Trouble."""
    found = []
    for n, row in enumerate((row for row in _rows(said) if any(row)), 1):
        box = _box(row)
        if box is None:
            raise Trouble("box_outside", n=n)
        found.append(box)
    return found


def _box(row: Row) -> Box | None:
    """None where it is not four numbers."""
    try:
        left, top, width, height = map(float, row)
    except ValueError:
        return None
    return Box(left, top, width, height)
