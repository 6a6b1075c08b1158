"""A server like ours whose one endpoint does nothing: `python -m bench.empty URL HOME PORT`."""

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from api import serving
from api.security import Caller
from api.settings import Settings
from api.whole import Whole, compose

PATH = "/api/v1/cases"  # so that the token is good for it


def with_nothing(whole: Whole) -> FastAPI:
    """The token is checked, and that is all."""
    app = FastAPI()
    app.state.whole = whole

    @app.post(PATH, status_code=201)
    async def nothing(_actor: Caller) -> dict[str, str]:
        return {}

    return app


def main(url: str, home: str, port: int) -> None:
    """Serve as `whistle serve` does."""
    settings = Settings.of({"WHISTLE_DATABASE_URL": url}, home=Path(home))
    uvicorn.run(
        with_nothing(compose(settings)),
        host="127.0.0.1",
        port=port,
        timeout_graceful_shutdown=serving.GRACE,
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
