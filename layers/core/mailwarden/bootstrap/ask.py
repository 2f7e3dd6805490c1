"""Wires ``functions/ask``."""

from functools import cache

from mailwarden.adapters.aws.ses.suppressed_address import SesSuppressedAddresses
from mailwarden.adapters.ledger.looks import DynamoLooks
from mailwarden.bootstrap import container
from mailwarden.bootstrap.ledger import ledger_table
from mailwarden.bootstrap.mail_paths import connect_path_reader, path_reader
from mailwarden.bootstrap.settings import settings_in_force
from mailwarden.inbound.invoke.question import Questions
from mailwarden.rules import ALL
from mailwarden.service.operator.diagnose import Diagnosis


@cache
def _lists() -> SesSuppressedAddresses:
    return SesSuppressedAddresses(
        clients=container.clients(), account=container.environment().account, time=container.write_time()
    )


def build_handler() -> Questions:
    """The handler of questions, with the settings in effect."""
    known, in_force = container.environment(), settings_in_force()
    return Questions(
        asker=Diagnosis(
            path_reader=path_reader(in_force),
            looks=DynamoLooks(table=ledger_table()),
            lists=_lists(),
            rules=ALL,
            limits=in_force.limits(known.repair_mode),
            clock=container.UtcClock(),
            partition=known.partition,
            account=known.account,
            watched_regions=known.watched_regions,
            severities=in_force.severities,
        ),
    )


def prepare() -> None:
    """Build what every question needs before the first one comes."""
    container.build_early(connect_path_reader, _lists)
