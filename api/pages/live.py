"""The stream that tells a page when to look again; it says where the boards are, and nothing of what is on them."""

from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from api.live import Hub
from api.pages.reading import HEADERS
from api.pages.routing import page_router
from api.security import Parts, reach_of, standing
from api.visits import secret_of
from domain.permissions import Reach

live_pages = page_router()
LATER = {"Retry-After": "30"}


@live_pages.get("/live")
def live(request: Request, whole: Parts) -> Response:
    """Ticks for whoever is signed in. To listen is not to be seen: an idle session ends all the same."""
    secret, hub = secret_of(request), request.app.state.live
    actor = standing(whole, whole.sessions.actor(secret, whole.now(), noted=False))
    if actor is None:
        return Response(status_code=401, headers=HEADERS)
    if hub.closed:
        return Response(status_code=503, headers=HEADERS | LATER)
    return Listening(hub, reach_of(actor), secret)


class Listening(Response):
    """An answer that goes on until one side ends it. A listener costs one task: what is told is sent by the hub."""

    media_type = "text/event-stream"

    def __init__(self, hub: Hub, reach: Reach, secret: str) -> None:
        """`reach` is what the listener hears of."""
        super().__init__(headers=HEADERS | {"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._hub, self._reach, self._secret = hub, reach, secret

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Until whoever listens has gone, or the hub ends it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        with self._hub.listening(self._reach, self._secret, send):
            while (await receive())["type"] != "http.disconnect":
                pass
