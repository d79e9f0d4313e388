"""The list of features: importing this registers every table and every kind."""

import models.community.operations
import models.community.operations_people
import models.community.queries
import models.duty.disputes
import models.duty.finders
import models.duty.lists
import models.duty.lists_facts
import models.duty.operations
import models.duty.operations_presence
import models.duty.operations_roster
import models.duty.operations_swaps
import models.inspection.finders
import models.inspection.lists
import models.inspection.lists_comparing
import models.inspection.lists_network
import models.inspection.lists_schedules
import models.inspection.operations
import models.inspection.operations_schedules
import models.inspection.operations_walks
import models.inspection.queries
import models.operations.pending
import models.operations.queries
import models.operations.settling
import models.operations.tables
import models.replication.lists
import models.replication.tables
import models.tickets.finders
import models.tickets.lists
import models.tickets.lists_repeats
import models.tickets.operations
import models.tickets.operations_batons
import models.tickets.operations_disputes
import models.tickets.operations_incidents
import models.tickets.operations_kinds
import models.tickets.operations_moves  # noqa: F401
