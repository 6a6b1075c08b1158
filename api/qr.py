"""QR codes: a link as a picture, in SVG, so that a telephone's camera can follow what is printed."""

from io import StringIO

import segno
from markupsafe import Markup


def qr(text: str, label: str) -> Markup:
    """The code of a text, with a quiet zone around; `label` says to a screen reader what it is. Always dark on white."""
    code = segno.make_qr(text, error="m")
    drawn = code.svg_inline(omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff")
    return Markup('<div role="img" aria-label="{}">{}</div>').format(label, Markup(drawn))  # noqa: S704 - made here of squares


def drawn(text: str) -> str:
    """The code as lines for a terminal."""
    lines = StringIO()
    segno.make_qr(text, error="m").terminal(lines, compact=True)
    return lines.getvalue()
