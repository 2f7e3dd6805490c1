"""What operators are answered about the past of a deployment in memory."""

from typing import Any

from mailwarden.domain.refs.resources import PoolRef
from mailwarden.inbound.invoke.history_question import HistoryQuestions
from mailwarden.inbound.invoke.lists.incident_question import IncidentQuestions
from mailwarden.ports.incidents.incident_list import IncidentList
from mailwarden.service.incidents.extent import ExtentReader
from mailwarden.service.incidents.read_incidents import IncidentReader
from mailwarden.service.operator.read_history import HistoryReader
from tests.builders import ACCOUNT, developer, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, hint
from tests.fakes.journal import InMemoryJournalEntries
from tests.fakes.logs import KeptLog

LOST = identity_ref("shop.example", region="eu-west-3")


def shops_without_identity(count: int = 2, *, names: tuple[str, ...] = ("shop", "news")) -> Deployment:
    """Pools that sent as an identity that a call has deleted."""
    mailwarden = Deployment()
    mailwarden.hold(identity("shop.example", region="eu-west-3"))
    shops = [
        pool("eu-west-3", pool_id=f"eu-west-3_Shop{number:05}", name=names[number % len(names)], email=developer(LOST))
        for number in range(count)
    ]
    mailwarden.hold(*shops)
    mailwarden.settle_down(*(hint(shop) for shop in shops))
    mailwarden.clock.pass_by(hours=1)
    del mailwarden.identities.held[LOST]
    mailwarden.settle_down(*(hint(shop) for shop in shops))
    return mailwarden


def incidents(mailwarden: Deployment, *, among: IncidentList | None = None, **question: object) -> dict[str, Any]:
    """The answer about incidents."""
    ledger = mailwarden.ledger
    reader = IncidentReader(
        incidents=among or ledger.incident_list,
        extents=ExtentReader(
            findings=ledger.findings,
            incidents=ledger.incidents,
            looks=ledger.looks,
            resources_in_use=ledger.resources_in_use,
        ),
        clock=mailwarden.clock,
    )
    return dict(IncidentQuestions(reader=lambda: reader).answer({"incidents": question}, log=KeptLog()))


def history(mailwarden: Deployment, ref: PoolRef, **question: object) -> dict[str, Any]:
    """The answer about one pool."""
    reader = HistoryReader(
        looks=mailwarden.ledger.looks,
        findings=mailwarden.ledger.findings,
        journal=InMemoryJournalEntries(journal=mailwarden.journal),
        consents={LOST.arn: None},
        clock=mailwarden.clock,
        partition="aws",
        account=ACCOUNT,
        watched_regions=mailwarden.watched_regions,
    )
    asked = {"pool": ref.pool_id, **question}
    return dict(HistoryQuestions(reader=lambda: reader).answer({"history": asked}, log=KeptLog()))
