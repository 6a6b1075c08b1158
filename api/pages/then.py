"""A page as of a moment: what its address says of it, the slider that leads to others, and the way back to now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import Depends

from api.pages.reading import Reader, Reading
from api.pages.routing import PageError
from domain.worktime import EARLIEST

REACH = timedelta(days=30)  # how far back the slider of a board goes
STEP = timedelta(hours=6)
STEPS = {
    "week_before": -timedelta(days=7),
    "day_before": -timedelta(days=1),
    "day_after": timedelta(days=1),
    "week_after": timedelta(days=7),
}
MINUTE = "%Y-%m-%dT%H:%M"
OURS = (
    "as_of",
    "entry",
    "did",
    "lang",
)  # what an address says of the moment, of what was done just now, of the language


@dataclass(frozen=True, slots=True)
class Slider:
    """A range from `lowest` to `highest`; `stops` says what each of its numbers is, where it is not a second since 1970."""

    name: str
    lowest: int
    highest: int
    step: int
    value: int
    at: str  # the moment as a field takes it
    latest: str
    back: str  # the address of now
    near: Mapping[str, str]  # other moments: what they are called, and their addresses
    stops: tuple[datetime, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)  # what else the address says


def _dated(v: Reader, as_of: str = "") -> Reading:
    if not as_of:
        return v
    _ = v.me
    return replace(v, then=v.parts.past.at(moment_of(v, as_of)))


Dated = Annotated[Reading, Depends(_dated)]


def moment_of(v: Reading, said: str) -> datetime:
    """A moment of the district's own time, unless its zone is said; or so many seconds since 1970. Raises PageError."""
    try:
        at = datetime.fromtimestamp(int(said), UTC) if said.isdecimal() else datetime.fromisoformat(said)
        found = (at if at.tzinfo else at.replace(tzinfo=v.law.calendar.tz)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise _trouble("moment_wrong") from None
    if found.date() <= EARLIEST:
        raise _trouble("moment_wrong")
    if found > v.parts.now():
        raise _trouble("moment_ahead")
    return found


def _trouble(title: str) -> PageError:
    return PageError("trouble", 422, title=title, way=f"{title}_way")


def slider_of(v: Reading) -> Slider:
    """The slider of a board: the last days in steps, further back where it stands there already."""
    now, at = v.parts.now(), v.now
    lowest, step = min(now - REACH, at), int(STEP.total_seconds())
    ways = {name: at + way for name, way in STEPS.items() if v.then and at + way <= now}
    return Slider(
        "as_of", int(lowest.timestamp()), int(now.timestamp()), step, int(at.timestamp()), _local(v, at), _local(v, now),
        here(v), {name: here(v, as_of=_local(v, when)) for name, when in ways.items()},
        kept=said_besides(v),
    )  # fmt: skip


def slider_over(v: Reading, recorded: Iterable[datetime]) -> Slider:
    """The slider of a case: it stops where something was recorded of it."""
    stops = tuple(sorted(set(recorded)))
    stands = sum(stop <= v.now for stop in stops)
    ways = {"entry_before": stands - 1, "entry_after": stands + 1} if v.then else {}
    near = {name: here(v, entry=str(to)) for name, to in ways.items() if 1 <= to <= len(stops)}
    return Slider(
        "entry", 1, len(stops), 1, stands, _local(v, v.now), _local(v, v.parts.now()), here(v), near, stops, said_besides(v),
    )  # fmt: skip


def entry_at(v: Reading, recorded: Iterable[datetime], entry: int) -> str:
    """The address of a case as it stood at one of the slider's stops. Raises PageError."""
    stops = sorted(set(recorded))
    if not 1 <= entry <= len(stops):
        raise _trouble("moment_wrong")
    return here(v, as_of=stops[entry - 1].astimezone(v.law.calendar.tz).isoformat())


def here(v: Reading, **moment: str) -> str:
    """The address of this page at another moment; of now, where none is said."""
    chosen = {"lang": v.language} if v.chosen else {}
    query = urlencode({**said_besides(v), **chosen, **moment})
    return f"{quote(v.path)}?{query}" if query else quote(v.path)


def said_besides(v: Reading) -> dict[str, str]:
    """What the address of a page says besides: whose figures, which filters."""
    said = dict(parse_qsl(urlsplit(v.here).query))
    done = {"of"} if "did" in said else set[str]()  # then it names what was done just now
    return {key: value for key, value in said.items() if key not in {*OURS, *done}}


def _local(v: Reading, at: datetime) -> str:
    return at.astimezone(v.law.calendar.tz).strftime(MINUTE)
