"""Keys in the rooms of fees: pressed in the real app in a pseudo-terminal of 80x24, timed until the last of what they draw."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from bench_lists import CLEAR, DOWN, END, PAGE_DOWN, Timings
from terminal import Terminal, surroundings

ENTER, ESCAPE, LEFT, RIGHT, F2 = b"\r", b"\x1b", b"\x1b[D", b"\x1b[C", b"\x1bOQ"
ROUNDS = 2
#: Some key, and how often.
Press = Callable[..., None]
#: How long nothing may come until all is drawn, in seconds: under a search line a cursor blinks before half of one is over.
BLINKING, CALM = 0.3, 0.9
#: What is drawn where the rooms of fees are chosen from, and nowhere else.
HUB = "find the door, take, receipt"


def _list(press: Press, room: str) -> None:
    press(f"{room}: down", DOWN, 6)
    press(f"{room}: PgDn", PAGE_DOWN, 4)
    press(f"{room}: End", END)


def _collect(press: Press) -> None:
    for letter in b"2-1-3":
        press("collect: a letter of a door", bytes([letter]))
    press("collect: to the doors", DOWN)
    press("collect: open a door", ENTER)
    press("collect: back to the doors", ESCAPE)


def _take(press: Press) -> None:
    press("collect: find a door", b"12-2-301")
    press("collect: to the doors", DOWN)
    press("collect: open a door", ENTER)
    press("collect: the amount", b"50")
    press("collect: take money", F2)
    press("collect: back to the doors", ESCAPE)


def _arrears(press: Press) -> None:
    _list(press, "arrears")
    press("arrears: next tab", RIGHT, 5)
    press("arrears: next tab", LEFT, 5)
    press("arrears: open a door", ENTER)
    press("arrears: back", ESCAPE)
    press("arrears: search opens", b"/")
    for letter in b"12-2":
        press("arrears: a letter", bytes([letter]))


def _search(room: str, text: bytes) -> Callable[[Press], None]:
    def drive(press: Press) -> None:
        _list(press, room)
        press(f"{room}: search opens", b"/")
        for letter in text:
            press(f"{room}: a letter", bytes([letter]))
        press(f"{room}: emptied", CLEAR)

    return drive


def _accounts(press: Press) -> None:
    _list(press, "accounts")
    press("accounts: open an account", ENTER)
    _list(press, "account sheet")
    press("account sheet: a quarter back", LEFT, 4)
    press("account sheet: back", ESCAPE)
    press("accounts: journal", b"2")
    _list(press, "journal")
    press("journal: a quarter back", LEFT, 4)
    press("accounts: what is public", b"4")
    press("accounts: a quarter's statement", ENTER)


def _rates(press: Press) -> None:
    press("rates: by volunteer, by item", b"2")
    press("rates: by volunteer, by item", b"3")
    press("rates: a period back", LEFT, 4)


def _billing(press: Press) -> None:
    _list(press, "billing")


#: The rooms by their digits from the hub, and what is done in them.
ROOMS: dict[str, tuple[bytes, Callable[[Press], None]]] = {
    "collect": (b"1", _collect),
    "arrears": (b"2", _arrears),
    "payments": (b"3", _search("payments", b"12-2")),
    "receipts": (b"4", _search("receipts", b"12-2")),
    "cash": (b"5", lambda press: _list(press, "cash")),
    "billing": (b"6", _billing),
    "bills": (b"7", _search("bills", b"12-2")),
    "rates": (b"91", _rates),
    "accounts": (b"92", _accounts),
    "collect once more": (b"1", _take),
}


#: Where there is no search line, and much to be read before anything is drawn.
STILL = ("rates", "account", "journal", "billing", "cash")


def drive(terminal: Terminal, timings: Timings) -> None:
    """Go into each room of fees, move about in it, look for a door; take somebody's money at the end."""

    def press(what: str, key: bytes, times: int = 1) -> None:
        pause = CALM if what.startswith(STILL) else BLINKING
        for _ in range(times):
            terminal.press(key)
            seconds = terminal.settled(pause)
            if seconds:  # else it had nothing to do there, and drew nothing
                timings.add(what, seconds)

    for room, (digits, moves) in ROOMS.items():
        for digit in digits[:-1]:
            terminal.press(bytes([digit]))
            terminal.settled()
        press(f"{room}: open", digits[-1:])
        moves(press)
        while HUB not in terminal.drawn:
            terminal.press(ESCAPE)
            terminal.settled()


def press_all(path: Path, folder: Path) -> Timings:
    """Press all keys in a store, which is changed by it: money is taken."""
    timings = Timings()
    environment = surroundings(folder) | {"LINLI_STORE": str(path), "LINLI_LANG": "en"}
    for _ in range(ROUNDS):
        with Terminal([sys.executable, "-m", "tui.cli"], environment) as terminal:
            terminal.until(lambda drawn: "Fees" in drawn)
            terminal.settled()
            room = re.search(r"(\d)  Fees", terminal.drawn)
            assert room is not None
            terminal.press(room[1].encode())
            timings.add("Home to fees", terminal.settled())
            drive(terminal, timings)
    return timings
