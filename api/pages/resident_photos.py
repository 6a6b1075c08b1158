"""Photos by receipt: the resident adds some, and sees those of the case that a clerk has cleared."""

from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from api.pages.acting.sent import key_of
from api.pages.doors import knock
from api.pages.gallery import AT_ONCE, cleared_photos
from api.pages.photos import added, files_of
from api.pages.resident import HIDDEN, NOT_TAKEN, Held, Mine, refused
from api.pages.routing import NoPageError, page_router

resident_photos = page_router()
ADDING = "AddPhoto"


@resident_photos.post("/r/{receipt}/photos")
async def add(request: Request, held: Mine) -> Response:
    """One to five photos; nothing of them is read before the receipt is known."""
    try:
        await _taken(request, held)
    except NOT_TAKEN as error:
        return await run_sync(refused, held, error, ADDING, {})
    return RedirectResponse(held.v.url("r", held.receipt, did=ADDING), 303)


async def _taken(request: Request, held: Held) -> None:
    await run_sync(knock, held.v, "act", held.receipt)
    await run_sync(knock, held.v, "photos of anybody", "")
    async with request.form(max_files=2 * AT_ONCE) as form:
        await added(held.mine, held.case, files_of(form), key_of({"key": [str(form.get("key", ""))]}))


@resident_photos.get("/r/{receipt}/photos/{photo}")
def look(held: Mine, photo: UUID) -> Response:
    """One photo, if it is cleared."""
    whole = held.v.parts
    cleared = photo in {kept.id for kept in cleared_photos(whole, held.case)}
    picture = whole.photos.read(held.case, photo) if cleared else None
    if picture is None:
        raise NoPageError
    return Response(picture, media_type="image/jpeg", headers={**HIDDEN, "Cache-Control": "no-store"})
