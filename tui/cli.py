"""The `linli` command: words in, an exit status out.

Status 0 done, 2 usage, 3 conflict, 4 rejected or bad input, which a full disk
and a damaged store are too; 1 is a mistake of our own. Messages for people go
to stderr; nobody meets a traceback. No headless command imports Textual, and
`--version` imports hardly anything.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from tui import preferences
from tui.cli_duty import add_duty
from tui.cli_fees import add_fee_files, add_fees
from tui.i18n import pick_language, t, use
from tui.usage import speak

DONE, FAILED, USAGE, CONFLICT, REJECTED = 0, 1, 2, 3, 4

Command = Callable[[argparse.Namespace], int]


class _Parser(argparse.ArgumentParser):
    """argparse with our words around its own."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, t("cli.usage_error", message=message) + "\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                encoding="utf-8", errors="replace"
            )  # a Chinese name must not fail on a Latin console
    kept = preferences.load()
    use(pick_language(_asked_language(words), kept=kept.preferences.spoken))
    speak()
    if kept.set_aside is not None:
        sys.stderr.write(t("settings.set_aside", path=kept.set_aside) + "\n")
    try:
        options = build_parser().parse_args(words)
    except SystemExit as leaving:
        return _written_out(int(leaving.code or 0))
    except OSError as error:  # the version found no room
        sys.stderr.write(t("cli.output_failed", reason=error.strerror) + "\n")
        return REJECTED
    options.kept = kept
    return _written_out(run(options))


def run(options: argparse.Namespace) -> int:
    """Run a parsed command; every known failure becomes a sentence and a status."""
    module, _, name = str(options.command).partition(":")
    try:
        command: Command = getattr(import_module(module), name)
        return command(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return DONE  # the reader went away: `linli list people | head`
    except Exception as error:  # noqa: BLE001  # the last fence before the person
        from tui.commands.console import report

        return report(error, options)


def _open_closed_streams() -> None:
    """Give closed streams somewhere to go, so that printing and asking never fail for it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  # open until we end


def _written_out(status: int) -> int:
    """Return the status once everything is printed; Python itself would only grumble about the rest."""
    try:
        sys.stdout.flush()
    except OSError as error:
        # What is left in the buffer fails once more when Python ends, unless it has somewhere to go.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        if not isinstance(error, BrokenPipeError):
            sys.stderr.write(t("cli.output_failed", reason=error.strerror) + "\n")
            return status or REJECTED
    return status


def _asked_language(words: Sequence[str]) -> str | None:
    """Find --lang before parsing, because the parser itself speaks."""
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            return words[place + 1]
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    return None


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"linli {version('linli')}\n")
        parser.exit(DONE)


def build_parser() -> argparse.ArgumentParser:
    """Return the whole command line; tests read it to see that each command is documented."""
    parser = _Parser(prog="linli", description=t("cli.about"), parents=[_shared()], add_help=False)
    _help(parser)
    parser.add_argument("--version", action=_Version, nargs=0, help=t("cli.help.version"))
    parser.set_defaults(
        command="tui.commands.app:open_app", store=None, lang=None, person=None, compound=None, json=False
    )
    commands = parser.add_subparsers(metavar=t("cli.command"), title=t("cli.commands"))

    def add(
        name: str,
        command: str,
        to: argparse._SubParsersAction[_Parser] | None = None,
        *,
        key: str = "",
        also: Sequence[_Parser] = (),
    ) -> _Parser:
        key = key or (name if to is None else f"import_{name}")
        text = t(f"cli.help.{key}")
        child = (to or commands).add_parser(
            name, help=text, description=text, parents=[_shared(), *also], add_help=False
        )
        _help(child)
        child.set_defaults(command=command)
        return child

    demo = add("demo", "tui.commands.app:open_demo")
    demo.add_argument("--fresh", action="store_true", help=t("cli.help.fresh"))

    init = add("init", "tui.commands.stores:init")
    init.add_argument("--demo", action="store_true", help=t("cli.help.init_demo"))

    importing = add("import", "tui.commands.files:nothing_named")
    kinds_of_file = importing.add_subparsers(metavar=t("cli.what"), required=True)
    for what in ("households", "wells", "pipes", "observations"):
        child = add(what, "tui.commands.files:import_file", kinds_of_file)
        child.set_defaults(what=what)
        child.add_argument("file", metavar=t("cli.file"), help=t("cli.help.file"))
        child.add_argument("--dry-run", action="store_true", help=t("cli.help.dry_run"))
        child.add_argument("--strict", action="store_true", help=t("cli.help.strict"))
        if what == "observations":
            child.add_argument("--walk", required=True, metavar=t("cli.name"), help=t("cli.help.walk_import"))

    add_fee_files(add, kinds_of_file)

    exporting = add("export", "tui.commands.files:export_file")
    exporting.add_argument(
        "what",
        metavar=t("cli.what"),
        choices=["households", "people", "points", "observations", "pipes", "wells", "sheet"],
        help=t("cli.help.export_what"),
    )
    exporting.add_argument("--out", required=True, metavar=t("cli.file"), help=t("cli.help.out"))
    exporting.add_argument("--format", choices=["xlsx", "csv"], help=t("cli.help.format"))
    exporting.add_argument("--walk", metavar=t("cli.name"), help=t("cli.help.walk"))
    exporting.add_argument("--masked", action="store_true", help=t("cli.help.masked"))

    _add_operations(add)

    listing = add("list", "tui.commands.listing:list_rows_command")
    listing.add_argument("name", metavar=t("cli.name"), help=t("cli.help.listing"))
    listing.add_argument(
        "--where", action="append", default=[], metavar=t("cli.condition"), help=t("cli.help.where")
    )
    listing.add_argument("--db", metavar=t("cli.address"), help=t("cli.help.operator_db"))

    _add_sewer(add)
    _add_reports(add)
    add_duty(add)
    add_fees(add)
    add("doctor", "tui.commands.stores:doctor")
    add("settings", "tui.commands.settings:show")
    setting = add("set", "tui.commands.settings:set_one")
    setting.add_argument("name", metavar=t("cli.name"), help=t("cli.help.setting"))
    setting.add_argument("value", metavar=t("cli.value"), help=t("cli.help.setting_value"))
    _add_sync(add)
    _add_server(add)
    return parser


def _add_operations(add: Callable[..., _Parser]) -> None:
    """Add what performs operations, takes them back and tells of them."""
    do = add("do", "tui.commands.operations:do")
    do.add_argument("kind", metavar=t("cli.kind"), help=t("cli.help.kind"))
    do.add_argument("payload", metavar="JSON", help=t("cli.help.payload"))
    do.add_argument("--doer", metavar=t("cli.person"), help=t("cli.help.doer"))
    do.add_argument("--at", metavar=t("cli.time"), help=t("cli.help.at"))
    do.add_argument("--db", metavar=t("cli.address"), help=t("cli.help.operator_db"))

    undo = add("undo", "tui.commands.operations:undo")
    undo.add_argument("operation", metavar=t("cli.operation"), help=t("cli.help.operation"))

    kinds = add("kinds", "tui.commands.operations:kinds")
    kinds.add_argument("kind", nargs="?", metavar=t("cli.kind"), help=t("cli.help.kind"))

    changes = add("changes", "tui.commands.changes:show_changes")
    about = {"row": "reference", "who": "person", "kind": "kind", "since": "day", "until": "day"}
    for option, name in (*about.items(), ("search", "words")):
        changes.add_argument(f"--{option}", metavar=t(f"cli.{name}"), help=t(f"cli.help.changes_{option}"))
    changes.add_argument("--limit", default="50", metavar=t("cli.number"), help=t("cli.help.changes_limit"))


def _add_sewer(add: Callable[..., _Parser]) -> None:
    """Add where the pipe is blocked, in words and as a map."""
    locate = add("locate", "tui.commands.locating:locate")
    locate.add_argument("--walk", metavar=t("cli.name"), help=t("cli.help.walk"))

    comparing = add("compare", "tui.commands.comparing:compare")
    comparing.add_argument("--walk", metavar=t("cli.name"), help=t("cli.help.walk"))
    comparing.add_argument("--with", dest="other", metavar=t("cli.name"), help=t("cli.help.compare_with"))

    drawing = add("map", "tui.commands.mapping:draw_map")
    drawing.add_argument("--walk", metavar=t("cli.name"), help=t("cli.help.walk"))
    drawing.add_argument("--out", metavar=t("cli.file"), help=t("cli.help.map_out"))
    drawing.add_argument("--format", choices=["txt", "svg", "html"], help=t("cli.help.map_format"))
    drawing.add_argument("--laid", choices=["plan", "schematic"], help=t("cli.help.map_laid"))
    drawing.add_argument("--paper", choices=["a4", "a3"], default="a4", help=t("cli.help.map_paper"))
    drawing.add_argument("--masked", action="store_true", help=t("cli.help.map_masked"))


def _add_reports(add: Callable[..., _Parser]) -> None:
    """Add what the station shows: figures of tickets, cards, boards."""
    reporting = add("report", "tui.commands.reporting:nothing_named")
    reports = reporting.add_subparsers(metavar=t("cli.what"), required=True)

    def paper(name: str, function: str, of: str = "reporting") -> _Parser:
        key = f"report_{name.replace('-', '_')}"
        child = add(name, f"tui.commands.{of}:{function}", reports, key=key)
        child.add_argument("--out", metavar=t("cli.file"), help=t("cli.help.report_out"))
        return child

    tickets = paper("tickets", "report_tickets")
    tickets.add_argument("--from", dest="since", metavar=t("cli.day"), help=t("cli.help.report_from"))
    tickets.add_argument("--to", dest="until", metavar=t("cli.day"), help=t("cli.help.report_to"))
    tickets.add_argument("--format", choices=["json", "html", "xlsx"], help=t("cli.help.report_format"))

    cards = paper("ticket-card", "ticket_cards")
    cards.add_argument("ticket", nargs="+", metavar=t("cli.code"), help=t("cli.help.report_ticket"))

    board = paper("contact-board", "contact_board")
    board.add_argument("building", metavar=t("table.building"), help=t("cli.help.report_building"))
    board.add_argument("--phones", action="store_true", help=t("cli.help.report_phones"))

    paper("open-jobs", "open_jobs")
    _add_hours(paper)


def _add_hours(paper: Callable[..., _Parser]) -> None:
    """Add the hours given, and somebody's certificate of them."""

    def days(child: _Parser) -> None:
        child.add_argument("--from", dest="since", metavar=t("cli.day"), help=t("cli.help.hours_from"))
        child.add_argument("--to", dest="until", metavar=t("cli.day"), help=t("cli.help.report_to"))

    hours = paper("hours", "report_hours", of="duty_export")
    days(hours)
    hours.add_argument("--format", choices=["json", "html", "xlsx"], help=t("cli.help.report_format"))
    hours.add_argument("--person", dest="who", metavar=t("cli.person"), help=t("cli.help.hours_person"))
    hours.add_argument("--masked", action="store_true", help=t("cli.help.duty_masked"))

    certificate = paper("certificate", "certificate", of="duty_export")
    certificate.add_argument("who", metavar=t("cli.person"), help=t("cli.help.certificate_who"))
    days(certificate)


def _add_sync(add: Callable[..., _Parser]) -> None:
    """Add what a laptop asks of its server."""
    enrol = add("enrol", "tui.commands.syncing:enrol")
    enrol.add_argument("url", metavar=t("cli.address"), help=t("cli.help.url"))
    enrol.add_argument("code", metavar=t("cli.code"), help=t("cli.help.code"))
    enrol.add_argument("--name", metavar=t("cli.name"), help=t("cli.help.laptop_name"))
    enrol.add_argument("--join", action="store_true", help=t("cli.help.join"))
    enrol.add_argument("--dry-run", action="store_true", help=t("cli.help.dry_run"))

    add("sync", "tui.commands.syncing:sync_now")

    resolve = add("resolve", "tui.commands.settling:resolve")
    resolve.add_argument("conflict", metavar=t("cli.conflict_id"), help=t("cli.help.conflict_id"))
    resolve.add_argument("choice", choices=["keep", "take"], help=t("cli.help.choice"))

    resubmit = add("resubmit", "tui.commands.settling:resubmit_one")
    resubmit.add_argument("operation", metavar=t("cli.operation"), help=t("cli.help.refused"))

    dismiss = add("dismiss", "tui.commands.settling:dismiss_one")
    dismiss.add_argument("operation", metavar=t("cli.operation"), help=t("cli.help.refused"))


def _add_server(add: Callable[..., _Parser]) -> None:
    """Add what an operator does on the server."""
    database = _Parser(add_help=False)
    database.add_argument("--db", metavar=t("cli.address"), help=t("cli.help.db"))

    serve = add("serve", "tui.commands.serving:serve", also=[database])
    serve.add_argument("--host", default="127.0.0.1", metavar=t("cli.address"), help=t("cli.help.host"))
    serve.add_argument("--port", type=int, default=8317, metavar=t("cli.number"), help=t("cli.help.port"))
    serve.add_argument("--workers", type=int, default=1, metavar=t("cli.number"), help=t("cli.help.workers"))

    server = add("server", "tui.commands.serving:nothing_named")
    tasks = server.add_subparsers(metavar=t("cli.what"), required=True)

    def task(name: str, to: argparse._SubParsersAction[_Parser] = tasks, *, key: str = "") -> _Parser:
        command = f"tui.commands.operator:{key or name}"
        return add(name, command, to, key=f"server_{key or name}", also=[database])

    compound = add("compound", "tui.commands.serving:nothing_named", tasks, key="server_compound")
    of_compounds = compound.add_subparsers(metavar=t("cli.what"), required=True)
    adding = task("add", of_compounds, key="compound_add")
    adding.add_argument("name", metavar=t("cli.name"), help=t("cli.help.compound_name"))
    task("list", of_compounds, key="compound_list")

    enrol = task("enrol")
    enrol.add_argument("of", metavar=t("cli.compound"), help=t("cli.help.compound_name"))
    enrol.add_argument("--hours", type=float, default=24.0, metavar=t("cli.number"), help=t("cli.help.hours"))
    enrol.add_argument("--url", metavar=t("cli.address"), help=t("cli.help.public_url"))

    device = add("device", "tui.commands.serving:nothing_named", tasks, key="server_device")
    of_devices = device.add_subparsers(metavar=t("cli.what"), required=True)
    task("list", of_devices, key="device_list")
    revoke = task("revoke", of_devices, key="device_revoke")
    revoke.add_argument("device", metavar=t("cli.laptop"), help=t("cli.help.device"))

    task("retry")
    copy = task("backup")
    copy.add_argument("file", metavar=t("cli.file"), help=t("cli.help.backup_file"))
    back = task("restore")
    back.add_argument("file", metavar=t("cli.file"), help=t("cli.help.restore_file"))
    back.add_argument("--replace", action="store_true", help=t("cli.help.replace"))
    task("stats")


def _shared() -> _Parser:
    """Return the options that stand before or after any command.

    Each parser needs its own: set_defaults of one would give the others a
    default, which wipes out what stood before the command.
    """
    shared = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--store", metavar=t("cli.path"), help=t("cli.help.store"))
    shared.add_argument("--lang", choices=["zh_CN", "en"], help=t("cli.help.lang"))
    shared.add_argument("--as", dest="person", metavar=t("cli.person"), help=t("cli.help.as"))
    shared.add_argument("--compound", metavar=t("cli.name"), help=t("cli.help.compound"))
    shared.add_argument("--json", action="store_true", help=t("cli.help.json"))
    return shared


def _help(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-h", "--help", action="help", help=t("cli.help.help"))


if __name__ == "__main__":
    sys.exit(main())
