"""From codes to words: the one place where problems, verdicts and errors become sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping

from models.errors import StoreError
from models.files.writing import CannotWrite
from models.inspection.locator.findings import Evidence
from models.operations.verdicts import Rejected
from models.problems import Param, Problem
from tui.i18n import has, language, t
from tui.ticket_words import cost_text


def problem_text(problem: Problem) -> str:
    """Return a sentence for a problem: where it stands, what is wrong, what to do."""
    sentence = code_text("problem", problem.code, {"column": problem.column or "", **problem.params})
    if problem.line is not None and problem.column:
        return t("problem.at_cell", line=problem.line, column=problem.column, sentence=sentence)
    if problem.line is not None:
        return t("problem.at_line", line=problem.line, sentence=sentence)
    return sentence


def refusal_text(refused: Rejected) -> str:
    """Return why an operation was refused."""
    sentence = code_text("refusal", refused.code, refused.params)
    details = [
        t("refusal.detail", field=problem.column, sentence=rule_text(problem))
        if problem.column
        else t("refusal.whole", sentence=rule_text(problem))
        for problem in refused.problems
    ]
    return " ".join([sentence, *details])


def evidence_text(evidence: Evidence) -> str:
    """Return why a blockage is believed, as part of a sentence."""
    return t(evidence.code, **_spoken(evidence.params))


def store_text(error: StoreError) -> str:
    """Return what is wrong with a store, what is safe, and what to do."""
    return code_text("error", error.code, error.params)


def sync_text(code: str, params: Mapping[str, object]) -> str:
    """Return what has gone wrong between this laptop and its server, and what that means for the entries."""
    key = f"trouble.{code}"
    return t(key, **params) if has(key) else t("trouble.unknown", code=code)


def explain(error: BaseException) -> str | None:
    """Return a sentence for an error that a person can do something about, else None."""
    if isinstance(error, StoreError):
        return store_text(error)
    if type(error).__module__ == "sync.client":
        return sync_text(getattr(error, "code", ""), getattr(error, "params", {}))
    if isinstance(error, CannotWrite):
        return t("error.cannot_write", path=error.path or "", reason=t(f"error.reason.{error.reason}"))
    problem = getattr(error, "problem", None)
    return problem_text(problem) if isinstance(problem, Problem) else None


def code_text(family: str, code: str, params: Mapping[str, Param]) -> str:
    """Return the text of `family.code`; a refusal met while importing is a problem of its line."""
    if family == "problem" and not has(f"problem.{code}") and has(f"refusal.{code}"):
        family = "refusal"
    return t(f"{family}.{code}", **_spoken(params))


_PLAIN = 1e15
_QUOTED = re.compile(r"'([^']*)'")
#: Parameters whose values are themselves names in the catalogue.
_NAMED = {
    "table": "table",
    "field": "field",
    "level": "level",
    "fits": "level",
    "kind": "file_kind",
    "state": "ticket.state",
    "move": "ticket.move",
    "answer": "duty.swap",
}
#: Parameters that are amounts of money in fen are called or end so.
_FEN = "fen"


def _spoken(params: Mapping[str, Param]) -> dict[str, Param]:
    """Put names of tables, fields and levels in words.

    A parameter that comes in two languages (`names`, `names_zh`) is the one of the language in use.
    A `count` is the number that an English plural follows.
    """
    suffix = "_zh" if language() == "zh_CN" else ""
    spoken: dict[str, Param] = {"n": params["count"]} if "count" in params else {}
    for name, given in params.items():
        value = params.get(name + suffix, given)
        key = f"{_NAMED[name]}.{value}" if name in _NAMED else ""
        if isinstance(value, float) and value.is_integer() and abs(value) < _PLAIN:
            value = int(value)  # a limit is 200, not 200.0
        if name.rpartition("_")[2] == _FEN and isinstance(value, int):
            value = cost_text(value)
        spoken[name] = t(key) if key and has(key) else value
    return spoken


def rule_text(problem: Problem) -> str:
    """Return words for a broken payload rule; pydantic's own English where the catalogue has none."""
    key = f"rule.{problem.params.get('rule', '')}"
    if not has(key):
        return str(problem.params.get("message", ""))
    params = dict(problem.params)
    if "expected" in params:  # comes as: 'dry', 'half' or 'full'
        params["expected"] = t("list.comma").join(_QUOTED.findall(str(params["expected"])))
    return t(key, **params)
