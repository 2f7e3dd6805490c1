"""How long a repair took since the event that told of the breakage, and the time of the looks after it."""

from dataclasses import replace
from datetime import timedelta

from mailwarden.domain.readings import Identity, Pool
from mailwarden.domain.refs.hints import PoolHint
from mailwarden.domain.repair.journal import Refused
from mailwarden.message import verbatim
from tests.builders import custom_from, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, cause, hint
from tests.unit.decisions.repairs import OPENED, deployed, seoul


def unauthorized() -> tuple[Pool, Identity]:
    sender = identity_ref(region="us-west-2")
    return (
        pool("ap-northeast-2", email=custom_from(sender)),
        identity(region="us-west-2", tags={"mailwarden:cognito": "account"}),
    )


def test_the_time_runs_from_the_event_to_the_concluded_write() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)
    mailwarden.inspect(hint(broken))

    (done,) = mailwarden.repair()

    ((_, concluded_at),) = mailwarden.journal.outcomes.values()
    assert done.took == concluded_at - cause().at
    assert timedelta(seconds=30) < done.took < timedelta(seconds=31)


def test_what_no_event_told_of_has_no_time() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)
    mailwarden.inspect(PoolHint(pool=broken.ref))

    (done,) = mailwarden.repair()

    assert len(mailwarden.written) == 1
    assert done.took is None


def test_an_event_of_a_clock_that_is_ahead_took_no_time() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment()
    mailwarden.hold(broken, sender)
    ahead = replace(cause(), at=mailwarden.clock.now() + timedelta(minutes=1))
    mailwarden.inspect(PoolHint(pool=broken.ref, cause=ahead))

    (done,) = mailwarden.repair()

    assert done.took == timedelta(0)


def test_a_write_that_was_refused_has_no_time() -> None:
    broken, sender = unauthorized()
    mailwarden = Deployment(answer=Refused(reason=verbatim("no")))
    mailwarden.hold(broken, sender)
    mailwarden.inspect(hint(broken))

    (done,) = mailwarden.repair()

    assert done.outcome == Refused(reason=verbatim("no"))
    assert done.took is None


def test_the_looks_after_a_grant_have_the_date_of_what_was_read_before_it() -> None:
    mailwarden = deployed(seoul("A"), seoul("B"), OPENED)
    mailwarden.inspect(hint(seoul("A")), hint(seoul("B")))

    mailwarden.repair()

    (intention,) = mailwarden.journal.intentions.values()
    assert len(intention.pools) == 2
    assert {look.looked_at for look in mailwarden.ledger.looks.held.values()} == {intention.at}
