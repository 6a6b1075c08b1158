"""Style sheet, scripts and pictures of our own, at an address that changes with them."""

import mimetypes
import re
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi import Path as InPath
from starlette.exceptions import HTTPException

FOLDER = Path(__file__).parent / "static"
LEAN = (".js", ".css")
OURS_ALONE = re.compile(rb"^[ ]*(?://.*|/\*.*\*/)\n|^[ ]+", re.MULTILINE)


def lean(path: Path) -> bytes:
    """A file as it is sent: lines of comment, and what lines are indented by, stay here; a phone loads a tenth less."""
    content = path.read_bytes()
    return OURS_ALONE.sub(b"", content) if path.suffix in LEAN else content


FILES = {path.name: lean(path) for path in sorted(FOLDER.iterdir()) if path.is_file()}
EDITION = sha256(b"".join(name.encode() + content for name, content in FILES.items())).hexdigest()[:16]
FOR_EVER = {"Cache-Control": f"public, max-age={int(timedelta(days=365).total_seconds())}, immutable"}

static_files = APIRouter(include_in_schema=False)


def address(name: str) -> str:
    """Where a file is. KeyError where there is no such file."""
    FILES[name]
    return f"/static/{EDITION}/{name}"


@static_files.get(f"/static/{EDITION}/{{name}}")
def static_file(name: Annotated[str, InPath(max_length=100)]) -> Response:
    """A file of this edition; scripts name each other relative to it."""
    if name not in FILES:
        raise HTTPException(404)
    return Response(FILES[name], media_type=mimetypes.guess_type(name)[0], headers=FOR_EVER)
