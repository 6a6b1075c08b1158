"""Near duplicates: the same kind around the same place, open and recent; the very place comes first."""

from datetime import timedelta
from pathlib import Path

from adapters.boards.near import FEW, near
from domain.actors import Role
from domain.permissions import Reach
from tests.api.office import office

EVERYWHERE = Reach("district", "540102")

GRIDS = ("540102002001001", "540102002001002", "540102002002001")


def test_the_same_kind_around_the_same_place_and_the_very_place_first(tmp_path: Path) -> None:
    with office(tmp_path) as hall:

        def log(grid: str, category: str = "0604") -> str:
            answer = hall.post(
                (Role.GRID_WORKER, grid), "/cases", {"category": category, "place": grid, "source": "patrol"}
            )
            hall.time.goes_on(0.1)
            return str(answer.json()["case"])

        here, beside, _elsewhere, _other_kind = log(GRIDS[0]), log(GRIDS[1]), log(GRIDS[2]), log(GRIDS[0], "0406")
        hall.whole.boards.catch_up()
        path = hall.whole.law.places.path

        def found(grid: str, **later: int) -> list[str]:
            now = hall.time.now + timedelta(**later)
            return [str(line.case) for line in near(hall.whole.boards.engine, EVERYWHERE, path(grid), "0604", now)]

        assert found(GRIDS[0]) == [here, beside] and found(GRIDS[1]) == [beside, here]
        assert found(GRIDS[0], days=31) == []
        street = path(GRIDS[0]).street
        assert len(near(hall.whole.boards.engine, EVERYWHERE, path(street), "0604", hall.time.now)) == 3
        for _ in range(FEW):
            log(GRIDS[0])
        hall.whole.boards.catch_up()
        assert len(found(GRIDS[0])) == FEW
