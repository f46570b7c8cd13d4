"""A QR code as an address that stands in a page or a style: a drawing in the page's own bytes, no file and no script."""

import base64
import io
from typing import Final

import segno

QUIET: Final = 4  # modules of white around it, as ISO/IEC 18004 asks


def drawn(text: str, *, border: int = QUIET, size: str = "") -> str:
    """The code of `text` as `data:image/svg+xml;base64,…`, black on white; `size`: how wide it is on paper, such as 14mm."""
    file = io.BytesIO()
    segno.make_qr(text, error="l").save(
        file, kind="svg", border=border, xmldecl=False, dark="#000", light="#fff", omitsize=True, svgclass=None,
        lineclass=None,
    )  # fmt: skip
    drawing = file.getvalue().decode()
    if size:
        drawing = drawing.replace("<svg ", f'<svg width="{size}" height="{size}" ', 1)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"


def check_address(base: str, number: str, root: str) -> str:
    """Where the page that checks a receipt answers for this number and root; the root in signs that need no escaping."""
    short = root.rstrip("=").translate(str.maketrans("+/", "-_"))
    return f"{base}/check?number={number}&root={short}"
