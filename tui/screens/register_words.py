"""How the register speaks: relations, roles, sexes, areas, spans of days, verdicts. Draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from models.community.rules import Relation, Subject
from models.operations.perform import Outcome
from models.operations.roles import Role
from models.operations.verdicts import Conflicted, Merged
from models.text import mask_phone
from tui.i18n import language, t
from tui.widgets.text import Mark, Tone

RELATIONS = {
    Relation.OWNER: "register.relation.owner",
    Relation.FAMILY: "register.relation.family",
    Relation.TENANT: "register.relation.tenant",
    Relation.TEMPORARY: "register.relation.temporary",
}
SUBJECTS = {
    Subject.BUILDING: "register.subject.building",
    Subject.FACILITY: "register.subject.facility",
    Subject.ROAD: "register.subject.road",
    Subject.GARDEN: "register.subject.garden",
}
ROLES = {
    Role.VOLUNTEER: "role.volunteer",
    Role.BUILDING_LEAD: "role.building_lead",
    Role.COMMITTEE: "role.committee",
    Role.DIRECTOR: "role.director",
    Role.TREASURER: "role.treasurer",
    Role.SUPERVISOR: "role.supervisor",
    Role.STAFF: "role.staff",
}
SEXES = {"male": "register.sex.male", "female": "register.sex.female"}


def relation_word(relation: Relation) -> str:
    return t(RELATIONS[relation])


def role_word(role: Role) -> str:
    return t(ROLES[role])


def subject_word(subject: Subject) -> str:
    return t(SUBJECTS[subject])


def sex_word(sex: str) -> str:
    """Return the word for a sex; one that somebody wrote in words of their own stays."""
    return t(SEXES[sex]) if sex in SEXES else sex


def listed(parts: Sequence[str]) -> str:
    """Join several names as the language does."""
    return ("、" if language() == "zh_CN" else ", ").join(part for part in parts if part)


def building_word(code: str) -> str:
    return t("register.building", code=code)


def floor_text(floor: int | None) -> str:
    return "" if floor is None else str(floor)


def area_text(area: int | None) -> str:
    """Return an area in 1/100 m² as m², without zeros that say nothing."""
    if area is None:
        return ""
    whole, rest = divmod(area, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


def masked(phones: Sequence[str]) -> str:
    """Return the first phone as a list may show it to whoever looks over a shoulder."""
    return mask_phone(phones[0]) if phones else ""


def span_text(since: date | None, until: date | None) -> str:
    """Return a half-open span of days; `until` is the first day on which it no longer holds."""
    if since is None and until is None:
        return ""
    if until is None:
        return t("register.since", day=since)
    if since is None:
        return t("register.until", day=until)
    return f"{since} - {until}"


def span_mark(*, since: date | None, current: bool, today: date) -> Mark:
    if current:
        return Mark("●", t("register.now"), Tone.GOOD)
    if since is not None and since > today:
        return Mark("◇", t("register.not_yet"), Tone.INFO)
    return Mark("○", t("register.over"), Tone.MUTED)


def archived_mark() -> Mark:
    return Mark("▣", t("register.archived"), Tone.MUTED)


def verdict_words(said: str, outcome: Outcome) -> str:
    """Return what was done, and what became of it when that differs from what was meant."""
    if any(isinstance(verdict, Conflicted) for verdict in outcome.verdicts):
        return t("register.conflicted", said=said)
    if any(isinstance(verdict, Merged) for verdict in outcome.verdicts):
        return t("register.met_again", said=said)
    return said
