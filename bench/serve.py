"""POST /api/v1/cases to a served process, against an empty endpoint with the same token check in the same kind of process.

The load generator is bench/load.py, in this process: raw sockets, one request at a time on each. Half load is half of
what the endpoint does flat out; its times count from when each request was due.
"""

import json
from collections.abc import Iterator
from functools import partial

from api.settings import Settings
from bench.empty import PATH
from bench.ground import SQLITE, Ground
from bench.invented import law
from bench.load import at_pace, flat_out
from bench.measure import Found, Latency, Measure, in_turns
from bench.server import post, serving, serving_nothing, settled, token
from bench.sizes import Sizes
from domain.places import Rung

CREATED = 201
CASES = "/api/v1/cases"
AGAINST = "an empty endpoint"
RATE, TAIL = 0.25, 3.0


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """What it does flat out, and how long it takes at half of that."""
    for engine in ground.engines:
        home = ground.home()
        url = f"sqlite:///{home / 'log.db'}" if engine == SQLITE else ground.url(engine)
        yield from _rows(engine, settled(home, url), sizes)


def _rows(engine: str, settings: Settings, sizes: Sizes) -> Iterator[Found]:
    secret = token(settings)
    cases, nothing = partial(post, CASES, secret, case()), partial(post, PATH, secret, b"{}")
    with serving(settings) as ours, serving_nothing(settings) as empty:
        mine, limit = in_turns(
            lambda: flat_out(ours.port, cases, CREATED, sizes.connections, sizes.seconds),
            lambda: flat_out(empty.port, nothing, CREATED, sizes.connections, sizes.seconds),
            sizes.rounds,
        )
        yield Measure(
            "serve", engine, f"flat out, {sizes.connections} connections", mine, limit, "requests/s", AGAINST, RATE
        )
        took, limit_took = (
            Latency.of(at_pace(port, spell, CREATED, sizes.connections, rate=rate / 2, seconds=sizes.seconds))
            for port, spell, rate in ((ours.port, cases, mine), (empty.port, nothing, limit))
        )
    yield Measure("serve", engine, "p50 at half load", took.p50, limit_took.p50, "ms", AGAINST)
    yield Measure("serve", engine, "p99 at half load", took.p99, limit_took.p99, "ms", AGAINST, TAIL, at_most=True)


def case() -> bytes:
    """What a street clerk says of a case."""
    category = next(one.code for one in law().taxonomy.by_code.values() if one.is_leaf and one.departments)
    street = law().places.below(law().code, Rung.STREET)[0].code
    grid = law().places.below(street, Rung.GRID)[0].code
    said = {
        "category": category,
        "place": grid,
        "source": "counter",
        "summary": "water on the pavement",
        "narrative": "invented",
    }
    return json.dumps(said).encode()
