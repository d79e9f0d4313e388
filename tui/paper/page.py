"""The frame of every printable page: one HTML file that needs nothing else, to be opened and printed by any browser.

It holds no script and asks no network, which its own security policy enforces:
the only style that a browser may use is the one whose hash the page names.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tui.i18n import t
from tui.paper.markup import Markup, joined, line, tag

FONTS: Final = (
    '"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC","Hiragino Sans GB",'
    '"WenQuanYi Micro Hei","SimHei",sans-serif'
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of paper as it lies in the printer, in mm."""

    width_mm: float
    height_mm: float
    margin_mm: float = 10.0

    @property
    def landscape(self) -> Sheet:
        long, short = max(self.width_mm, self.height_mm), min(self.width_mm, self.height_mm)
        return Sheet(long, short, self.margin_mm)

    @property
    def inner_mm(self) -> tuple[float, float]:
        """What is left between the margins."""
        return self.width_mm - 2 * self.margin_mm, self.height_mm - 2 * self.margin_mm


#: The printed head, for those who must know how high it is: size of its letters, of a line, and what it adds.
HEAD_SIZE_MM, HEAD_LINE_MM, HEAD_EDGE_MM = 3.4, 5.1, 3.5
#: What is longer than that is cut off: the page is not for the head's sake.
MOST_HEAD_MM = 30.0

A4: Final = Sheet(210.0, 297.0)
A3: Final = Sheet(297.0, 420.0)

_STYLE: Final = """
@page{size:%(width)smm %(height)smm;margin:%(margin)smm;
 @bottom-left{content:%(running)s;font:8pt %(fonts)s;color:#555}
 @bottom-right{content:counter(page) " / " counter(pages);font:8pt %(fonts)s;color:#555}}
*{box-sizing:border-box;-webkit-print-color-adjust:exact;print-color-adjust:exact}
html{font:10.5pt/1.5 %(fonts)s;color:#111;background:#fff}
body{margin:0}
h1{font-size:17pt;line-height:1.25;margin:0}
h2{font-size:13pt;margin:6mm 0 2mm;break-after:avoid}
p{margin:0 0 1.5mm}
ul,ol{margin:0 0 2mm;padding-left:6mm}
li{break-inside:avoid}
.head,.foot{font-size:9.5pt;color:#333;white-space:pre-line}
.head{max-height:30mm;overflow:hidden;border-bottom:.3mm solid #999;padding-bottom:1mm;margin-bottom:2mm}
.foot{border-top:.3mm solid #999;padding-top:1mm;margin-top:6mm}
.lead{font-size:12pt}
.alert{color:#b3000f;font-weight:bold}
.muted{color:#555}
.note{white-space:pre-line;overflow-wrap:anywhere}
figure{margin:0;break-inside:avoid;break-after:page}
figure:last-child{break-after:auto}
figure svg{display:block}
table{border-collapse:collapse;width:100%%;font-size:9.5pt}
thead{display:table-header-group}
tr{break-inside:avoid}
th,td{border:.2mm solid #777;padding:.8mm 1.5mm;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#eee;white-space:nowrap}
td.n{text-align:right;white-space:nowrap}
td.k{white-space:nowrap}
tr.sum td{font-weight:bold;background:#f4f4f4}
.banner{overflow:hidden}
.banner *{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.good{color:#1b7a2f}.warn{color:#8a5200}.bad{color:#c00018;font-weight:bold}.info{color:#2457a6}
@media screen{html{background:#ddd}body{background:#fff;max-width:%(width)smm;margin:6mm auto;padding:%(margin)smm}}
"""


def page(title: str, *body: Markup, sheet: Sheet, head: str = "", foot: str = "", style: str = "") -> str:
    """Return a whole HTML document on sheets of this size.

    `title` names it in the browser and at the bottom of each printed page. `head` and `foot`
    are the compound's own words, printed above and below everything. `style` are the rules
    of one kind of page, ours and never a user's.
    """
    rules = _STYLE % {
        "width": f"{sheet.width_mm:g}",
        "height": f"{sheet.height_mm:g}",
        "margin": f"{sheet.margin_mm:g}",
        "fonts": FONTS,
        "running": _css_string(title),
    }
    rules += style
    hashed = base64.b64encode(hashlib.sha256(rules.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'"
    document = tag(
        "html",
        tag(
            "head",
            tag("meta", charset="utf-8"),
            tag("meta", http_equiv="Content-Security-Policy", content=policy),
            tag("meta", name="viewport", content="width=device-width"),
            tag("meta", name="referrer", content="no-referrer"),
            tag("title", line(title)),
            # The style is ours alone: what users type enters it as a CSS string of hexadecimal escapes.
            tag("style", Markup(rules)),
        ),
        tag(
            "body",
            *([tag("div", head.strip(), class_="head")] if head.strip() else []),
            *body,
            *([tag("div", foot.strip(), class_="foot")] if foot.strip() else []),
        ),
        lang=t("paper.lang"),
    )
    return f"<!DOCTYPE html>\n{document}\n"


def table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str | Markup]],
    *,
    kinds: str = "",
    sums: Sequence[str | Markup] = (),
) -> Markup:
    """Return a table whose head is repeated on each page and whose rows are never torn.

    `kinds` holds a letter per column: `n` numbers to the right, `k` a key that is not wrapped, `t` text. `sums` is a
    last row that stands out.
    """
    of_column = kinds.ljust(len(headings), "t")
    head = tag("tr", *(tag("th", heading, scope="col") for heading in headings))

    def drawn(row: Sequence[str | Markup], class_: str | None = None) -> Markup:
        cells = zip(row, of_column, strict=False)
        return tag(
            "tr",
            *(tag("td", cell, class_=None if kind == "t" else kind) for cell, kind in cells),
            class_=class_,
        )

    below = [drawn(sums, "sum")] if sums else []
    return tag("table", tag("thead", head), tag("tbody", *map(drawn, rows), *below))


def section(title: str, *children: str) -> Markup:
    """Return a part of a page under its heading; nothing when it has no content."""
    return tag("section", tag("h2", title), *children) if children else joined()


def points(items: Iterable[str]) -> Markup:
    """Return a list with a point before each item."""
    return tag("ul", *(tag("li", item) for item in items))


def _css_string(text: str) -> str:
    plain = line(text)
    return '"' + "".join(c if c.isalnum() and c.isascii() else f"\\{ord(c):x} " for c in plain) + '"'
