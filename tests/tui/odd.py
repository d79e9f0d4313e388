"""Texts that have broken printers of other people's programs."""

ODD_TEXTS = (
    "[/b]",
    "</style><script>alert(1)</script>",
    "\"'&<>&amp;",
    "]]>",
    "<!-- -->",
    "a\x00b\x0bc\x1b[31md\x7f",
    "\ud800 half a pair",
    "\ufffe\uffff",
    "\u202eright to left\u2066",
    "👨‍👩‍👧 家",
    "ｗ１７ 全角",
    "一行\n两行\t三",
    "很长" * 2500,
    "url(https://example.org/x.png)",
    "\\27 } body{display:none}",
    "{n} %s %(width)s",
)
