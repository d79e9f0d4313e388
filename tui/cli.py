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
    use(pick_language(_asked_language(words)))
    speak()
    try:
        options = build_parser().parse_args(words)
    except SystemExit as leaving:
        return _written_out(int(leaving.code or 0))
    except OSError as error:  # the version found no room
        sys.stderr.write(t("cli.output_failed", reason=error.strerror) + "\n")
        return REJECTED
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

    def add(name: str, command: str, to: argparse._SubParsersAction[_Parser] | None = None) -> _Parser:
        key = name if to is None else f"import_{name}"
        text = t(f"cli.help.{key}")
        child = (to or commands).add_parser(
            name, help=text, description=text, parents=[_shared()], add_help=False
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

    exporting = add("export", "tui.commands.files:export_file")
    exporting.add_argument(
        "what",
        metavar=t("cli.what"),
        choices=["wells", "pipes", "observations", "sheet"],
        help=t("cli.help.export_what"),
    )
    exporting.add_argument("--out", required=True, metavar=t("cli.file"), help=t("cli.help.out"))
    exporting.add_argument("--walk", metavar=t("cli.name"), help=t("cli.help.walk"))

    do = add("do", "tui.commands.operations:do")
    do.add_argument("kind", metavar=t("cli.kind"), help=t("cli.help.kind"))
    do.add_argument("payload", metavar="JSON", help=t("cli.help.payload"))
    do.add_argument("--doer", metavar=t("cli.person"), help=t("cli.help.doer"))
    do.add_argument("--at", metavar=t("cli.time"), help=t("cli.help.at"))

    undo = add("undo", "tui.commands.operations:undo")
    undo.add_argument("operation", metavar=t("cli.operation"), help=t("cli.help.operation"))

    kinds = add("kinds", "tui.commands.operations:kinds")
    kinds.add_argument("kind", nargs="?", metavar=t("cli.kind"), help=t("cli.help.kind"))

    listing = add("list", "tui.commands.listing:list_rows_command")
    listing.add_argument("name", metavar=t("cli.name"), help=t("cli.help.listing"))
    listing.add_argument(
        "--where", action="append", default=[], metavar=t("cli.condition"), help=t("cli.help.where")
    )

    locate = add("locate", "tui.commands.locating:locate")
    locate.add_argument("--walk", metavar=t("cli.name"), help=t("cli.help.walk"))

    add("doctor", "tui.commands.stores:doctor")
    return parser


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
