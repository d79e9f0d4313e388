"""A QR code as part of a page."""

from __future__ import annotations

from tui.paper.markup import Markup, tag

_QUIET = 4  # modules around it that a telephone needs to find it


def qr_code(text: str, *, class_: str) -> Markup:
    """Return a text as a QR code, drawn to whatever size the page gives it; up to 15 % of it may be lost."""
    import segno

    modules = [[bool(module) for module in row] for row in segno.make(text, micro=False, error="m").matrix]
    side = len(modules) + 2 * _QUIET
    # Each run of dark modules is one rectangle: a square for each would leave hairs of white between them.
    runs: list[str] = []
    for y, row in enumerate(modules, _QUIET):
        start = None
        for x, dark in enumerate([*row, False], _QUIET):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
                start = None
    return tag(
        "svg",
        tag("path", d="".join(runs), fill="#000"),
        class_=class_,
        viewBox=f"0 0 {side} {side}",
        shape_rendering="crispEdges",
        role="img",
        aria_label=text,
    )
