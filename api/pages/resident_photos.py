"""Photos by receipt: the resident adds some, and sees those of the case that a clerk has cleared."""

from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from api.clearing import public_copy
from api.pages.acting.sent import key_of
from api.pages.doors import knock
from api.pages.gallery import AT_ONCE
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


@resident_photos.get("/r/{receipt}/photos/{number}")
def look(held: Mine, number: int) -> Response:
    """What everybody may see of one photo, once it is cleared."""
    whole = held.v.parts
    picture = public_copy(whole, whole.casework.case(held.case), number)
    if picture is None:
        raise NoPageError
    return Response(picture, media_type="image/jpeg", headers={**HIDDEN, "Cache-Control": "no-store"})
