"""Documents that are generated from the code: written, or checked for being fresh."""

from pathlib import Path

from adapters.boards.explaining import figures_page
from workflow.declaring import personal_data_page
from workflow.drawing import events_page, flow_page, messages_page, permissions_page

DOCS = Path(__file__).parent.parent / "docs"


class StaleError(ValueError):
    """A generated document that is not what the code says now."""


def pages() -> dict[Path, str]:
    """What should stand where."""
    told = {
        "flow.md": flow_page(),
        "events.md": events_page(),
        "figures.md": figures_page(),
        "messages.md": messages_page(),
        "permissions.md": permissions_page(),
        "personal-data.md": personal_data_page(),
    }
    return {DOCS / name: text for name, text in told.items()}


def write() -> None:
    """Write them."""
    DOCS.mkdir(exist_ok=True)
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


def check() -> None:
    """Raises StaleError for the first that is not fresh."""
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            msg = f"{path.name} is stale: run `whistle flow --write`"
            raise StaleError(msg)
