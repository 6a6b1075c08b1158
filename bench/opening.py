"""Opening a page cold on a slow phone: a real Chromium at a quarter of its speed and 1.6 Mbit/s with 150 ms to the server.

Usable is when the page has been painted and its scripts have run. The limit is the smallest page there is, opened in the
same way. What came over the wire (page, style, scripts, compressed) is a size, and stands beside it.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from adapters.boards import register
from api.settings import Settings
from api.whole import compose
from bench.ground import SQLITE, Ground
from bench.measure import Absent, Found, Measure
from bench.server import TOP, serving
from bench.sizes import Sizes
from domain.actors import Role

LINE = "open"
SLOWER, PER_SECOND, AWAY = 4, 1.6e6 / 8, 150  # times, bytes, milliseconds
USABLE, HEAVIEST = 1_200.0, 25.0  # milliseconds; KB compressed
EMPTY = "/healthz"
TIMES = """() => {
  const [page] = performance.getEntriesByType('navigation'), paint = performance.getEntriesByName('first-contentful-paint')[0];
  return Math.max(page.domContentLoadedEventEnd, paint ? paint.startTime : 0);
}"""


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """The worker's page and the street's; the database makes no difference to a browser, so one is enough."""
    where = shutil.which("chromium") or shutil.which("google-chrome")
    if SQLITE not in ground.engines or not where:
        yield Absent(LINE, "", "a page, cold", "no Chromium" if not where else "measured on SQLite")
        return
    settings = _demo(ground.home(), sizes.opened_cases)
    with serving(settings) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=where, args=["--no-sandbox"])
        address = f"http://127.0.0.1:{server.port}"
        for name, role, path in _pages(settings):
            yield from _opened(browser, address, name, role, path, sizes.opened_times)
        browser.close()


def _demo(home: Path, cases: int) -> Settings:
    """A store with an invented month."""
    command = [sys.executable, "-m", "api", "demo", "--no-serve", "--home", str(home), "--cases", str(cases)]
    subprocess.run(command, cwd=TOP, check=True, capture_output=True)
    return Settings.of({}, home=home)


def _pages(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """The busiest grid's worker, and its street's clerk: what it is, the office, and the page."""
    whole = compose(settings)
    try:
        whole.boards.catch_up()
        counts = register.counts(whole.boards.engine, whole.law.code, "grid")
        grid = max((code for (code,) in counts if code), key=lambda code: counts[code,])
        street = whole.law.places.path(grid).street
    finally:
        whole.close()
    yield "the worker's page", f"{Role.GRID_WORKER} {grid}", f"/boards/grids/{grid}"
    yield "the street's page", f"{Role.STREET_CLERK} {street}", f"/boards/streets/{street}"


def _opened(browser: Browser, address: str, name: str, office: str, path: str, times: int) -> Iterator[Found]:
    usable, size = _median(browser, address, office, path, times)
    empty, _ = _median(browser, address, office, EMPTY, times)
    yield Measure(LINE, SQLITE, f"{name}, usable", usable, empty, "ms", "an empty page", most=USABLE)
    yield Measure(LINE, SQLITE, f"{name}, over the wire", size, HEAVIEST, "KB", "25 KB", most=HEAVIEST)


def _median(browser: Browser, address: str, office: str, path: str, times: int) -> tuple[float, float]:
    found = sorted(_once(browser, address, office, path) for _ in range(times))
    return found[len(found) // 2]


def _once(browser: Browser, address: str, office: str, path: str) -> tuple[float, float]:
    """Milliseconds until usable, and KB over the wire."""
    with _cold(browser, address, office) as (page, came):
        page.goto(path, wait_until="load")
        return float(page.evaluate(TIMES)), sum(came) / 1000


@contextmanager
def _cold(browser: Browser, address: str, office: str) -> Iterator[tuple[Page, list[float]]]:
    """A browser with nothing in its cache, slowed down, signed in; what comes over the wire is added up."""
    context = browser.new_context(base_url=address, viewport={"width": 412, "height": 915}, service_workers="block")
    context.request.post("/sign-in", form={"office": office}, headers={"Sec-Fetch-Site": "same-origin"})
    page, came = context.new_page(), list[float]()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    slow = {"offline": False, "latency": AWAY, "downloadThroughput": PER_SECOND, "uploadThroughput": PER_SECOND}
    devtools.send("Network.emulateNetworkConditions", slow)
    devtools.on("Network.loadingFinished", lambda said: came.append(said["encodedDataLength"]))
    try:
        yield page, came
    finally:
        context.close()
