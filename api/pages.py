"""Pages."""

from fastapi import APIRouter, FastAPI

pages = APIRouter()


def static(app: FastAPI) -> None:
    """Static files."""
