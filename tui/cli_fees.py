"""The commands of fees: billing, rates, the public accounts, receipts, files. Said to the parser; what they do is in commands/."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.i18n import t

if TYPE_CHECKING:
    from tui.cli import _Parser


def add_fees(add: Callable[..., _Parser]) -> None:
    """Add what bills a period, and what tells of money."""
    fees = add("fees", "tui.commands.fees:nothing_named")
    tasks = fees.add_subparsers(metavar=t("cli.what"), required=True)

    bill = add("bill", "tui.commands.fees:bill", tasks, key="fees_bill")
    bill.add_argument("--period", required=True, metavar=t("cli.period"), help=t("cli.help.fees_period"))
    for name, noun in (("building", "building"), ("item", "charge_item"), ("household", "household")):
        bill.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar=t(f"table.{noun}"),
            help=t(f"cli.help.fees_{name}"),
        )
    bill.add_argument("--dry-run", action="store_true", help=t("cli.help.fees_dry_run"))
    rates = add("rates", "tui.commands.fees_rates:tell", tasks, key="fees_rates")
    rates.add_argument("--period", metavar=t("cli.period"), help=t("cli.help.fees_rates_period"))
    rates.add_argument(
        "--by",
        choices=["building", "volunteer", "item"],
        default="building",
        help=t("cli.help.fees_rates_by"),
    )
    _add_books(add, tasks)
    _add_receipt(add)


def _add_books(add: Callable[..., _Parser], tasks: argparse._SubParsersAction[_Parser]) -> None:
    """Add the public accounts and the journal."""
    statement = add("statement", "tui.commands.fees_accounts:statement", tasks, key="fees_statement")
    statement.add_argument(
        "--period", required=True, metavar=t("cli.period"), help=t("cli.help.statement_period")
    )
    statement.add_argument("--format", choices=["html", "xlsx", "json"], help=t("cli.help.statement_format"))
    statement.add_argument("--paper", choices=["a4", "a3"], default="a4", help=t("cli.help.statement_paper"))
    journal = add("journal", "tui.commands.fees_accounts:journal", tasks, key="fees_journal")
    journal.add_argument(
        "--format", required=True, choices=["hledger", "beancount"], help=t("cli.help.journal_format")
    )
    journal.add_argument("--from", dest="since", metavar=t("cli.day"), help=t("cli.help.journal_from"))
    journal.add_argument("--to", dest="until", metavar=t("cli.day"), help=t("cli.help.journal_to"))
    for child in (statement, journal):
        child.add_argument("--out", metavar=t("cli.file"), help=t("cli.help.report_out"))


def _add_receipt(add: Callable[..., _Parser]) -> None:
    """Add what shows, prints and checks receipts."""
    receipt = add("receipt", "tui.commands.receipt:nothing_named")
    tasks = receipt.add_subparsers(metavar=t("cli.what"), required=True)

    show = add("show", "tui.commands.receipt:show", tasks, key="receipt_show")
    show.add_argument("number", metavar=t("cli.number"), help=t("cli.help.receipt_number"))
    form = show.add_mutually_exclusive_group()
    form.add_argument("--html", metavar=t("cli.file"), help=t("cli.help.receipt_html"))
    form.add_argument("--text", action="store_true", help=t("cli.help.receipt_text"))

    verify = add("verify", "tui.commands.receipt:verify", tasks, key="receipt_verify")
    verify.add_argument("words", nargs="+", metavar=t("cli.words"), help=t("cli.help.receipt_words"))


def add_fee_files(add: Callable[..., _Parser], to: argparse._SubParsersAction[_Parser]) -> None:
    """Add what brings bills of platforms in, and what was billed and paid before."""
    bills = add("bill-file", "tui.commands.fee_files:import_bill_file", to, key="import_bill_file")
    past = add("fee-history", "tui.commands.fee_files:import_fee_history", to, key="import_fee_history")
    for child in (bills, past):
        child.add_argument("file", metavar=t("cli.file"), help=t("cli.help.file"))
        child.add_argument("--dry-run", action="store_true", help=t("cli.help.dry_run"))
    score = t("cli.help.accept_from")
    bills.add_argument("--accept-from", type=int, metavar=t("cli.number"), help=score)
