"""What screens and files ask of the register: every question in one place.

Functions take the session first and the compound second, `today` being the
day, in the compound's zone, on which roles, homes and contacts are to hold.
They return frozen values; what a page costs follows the page, not the store.
"""

import models.community.finders
import models.community.lists  # noqa: F401  # registers the lists
from models.community.chosen import default_actor, default_compound, remember_actor, remember_compound
from models.community.queries_found import find_households, find_people, households_of, people_of
from models.community.queries_households import (
    HouseholdCard,
    HouseholdContact,
    HouseholdLine,
    OccupancyView,
    count_households,
    every_household,
    household_card,
    page_households,
)
from models.community.queries_people import (
    HomeView,
    MembershipView,
    PersonCard,
    PersonLine,
    PersonOption,
    TermView,
    count_people,
    every_person,
    page_people,
    people_for_picker,
    person_card,
)
from models.community.queries_places import (
    BuildingLine,
    CompoundView,
    ContactLine,
    HomeCounts,
    MemberView,
    ResponsibilityLine,
    TeamView,
    buildings,
    compound_by_name,
    compound_view,
    compounds,
    contacts,
    home_counts,
    responsibilities,
    teams,
)
from models.community.searching import Found

__all__ = [
    "BuildingLine",
    "CompoundView",
    "ContactLine",
    "Found",
    "HomeCounts",
    "HomeView",
    "HouseholdCard",
    "HouseholdContact",
    "HouseholdLine",
    "MemberView",
    "MembershipView",
    "OccupancyView",
    "PersonCard",
    "PersonLine",
    "PersonOption",
    "ResponsibilityLine",
    "TeamView",
    "TermView",
    "buildings",
    "compound_by_name",
    "compound_view",
    "compounds",
    "contacts",
    "count_households",
    "count_people",
    "default_actor",
    "default_compound",
    "every_household",
    "every_person",
    "find_households",
    "find_people",
    "home_counts",
    "household_card",
    "households_of",
    "page_households",
    "page_people",
    "people_for_picker",
    "people_of",
    "person_card",
    "remember_actor",
    "remember_compound",
    "responsibilities",
    "teams",
]
