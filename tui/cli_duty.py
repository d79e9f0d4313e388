"""The commands of duty. Said to the parser; what they do is in commands/."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.i18n import t

if TYPE_CHECKING:
    from tui.cli import _Parser


def add_duty(add: Callable[..., _Parser]) -> None:
    """Add what makes the roster, and what hands it out."""
    duty = add("duty", "tui.commands.duty:nothing_named")
    tasks = duty.add_subparsers(metavar=t("cli.what"), required=True)

    def task(name: str, *, days: bool = False) -> _Parser:
        child = add(name, f"tui.commands.duty:{name}", tasks, key=f"duty_{name}")
        if days:
            first, last = t("cli.help.duty_first"), t("cli.help.duty_last")
            child.add_argument("--from", dest="since", required=True, metavar=t("cli.day"), help=first)
            child.add_argument("--to", dest="until", required=True, metavar=t("cli.day"), help=last)
        return child

    generate = task("generate", days=True)
    seconds = t("cli.help.duty_seconds")
    generate.add_argument("--seconds", type=int, default=10, metavar=t("cli.number"), help=seconds)
    generate.add_argument("--sick", metavar=t("cli.person"), help=t("cli.help.duty_sick"))
    generate.add_argument("--keep", action="store_true", help=t("cli.help.duty_keep"))
    generate.add_argument("--dry-run", action="store_true", help=t("cli.help.duty_dry_run"))
    task("publish", days=True)
    task("why").add_argument("words", nargs="+", metavar=t("cli.name"), help=t("cli.help.duty_words"))
    task("settle").add_argument(
        "--month", required=True, metavar=t("cli.month"), help=t("cli.help.duty_month")
    )

    export = add("export", "tui.commands.duty_export:export_duty", tasks, key="duty_export")
    export.add_argument("--format", choices=["ics", "html", "xlsx", "text"], help=t("cli.help.duty_format"))
    export.add_argument("--text", choices=["roster", "gaps", "today"], help=t("cli.help.duty_text"))
    export.add_argument("--from", dest="since", metavar=t("cli.day"), help=t("cli.help.duty_from"))
    export.add_argument("--to", dest="until", metavar=t("cli.day"), help=t("cli.help.report_to"))
    export.add_argument("--person", dest="who", metavar=t("cli.person"), help=t("cli.help.duty_person"))
    export.add_argument("--post", metavar=t("cli.name"), help=t("cli.help.duty_post"))
    export.add_argument("--out", metavar=t("cli.file"), help=t("cli.help.report_out"))
    export.add_argument("--masked", action="store_true", help=t("cli.help.duty_masked"))
