"""What a pool lost stays lost, and stays the loss of the call that made it, in looks that hear of no call."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mailwarden.domain.findings.record import FindingState
from mailwarden.domain.known_good.verification import ATTRIBUTES
from mailwarden.domain.readings import Pool, ThreatNotices
from mailwarden.domain.refs.call_words import NoticesWord, VerificationWord
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.hints import PoolHint
from tests.builders import developer, identity, identity_ref, pool
from tests.fakes.deployment import Deployment, cause

HELD = pool(email=developer(identity_ref()))
VERIFYING = replace(HELD, settings={ATTRIBUTES: "email"})
NOTIFYING = replace(HELD, acts_on_threats=True, threat_notices=ThreatNotices(source_arn=identity_ref().arn))


@pytest.mark.parametrize(
    ("rule_id", "before", "after", "call"),
    [
        (
            "MW115",
            VERIFYING,
            HELD,
            replace(cause("UpdateUserPool", event_id="e-lost"), verification=VerificationWord.ABSENT),
        ),
        (
            "MW117",
            NOTIFYING,
            replace(NOTIFYING, threat_notices=None),
            replace(
                cause("SetRiskConfiguration", event_id="e-lost"),
                notices=NoticesWord.ABSENT,
                pool_id=HELD.ref.pool_id,
            ),
        ),
    ],
)
def test_a_loss_stays_open_and_blamed_until_it_is_made_good(
    rule_id: str, before: Pool, after: Pool, call: Cause
) -> None:
    mailwarden = Deployment()
    mailwarden.hold(before, identity())
    mailwarden.inspect(PoolHint(pool=HELD.ref))
    mailwarden.clock.pass_by(minutes=5)
    mailwarden.hold(replace(after, last_modified=mailwarden.clock.at))
    mailwarden.inspect(PoolHint(pool=HELD.ref, cause=replace(call, at=mailwarden.clock.at)))

    for _ in range(2):
        mailwarden.clock.pass_by(hours=1)
        mailwarden.inspect(PoolHint(pool=HELD.ref))

    record = mailwarden.finding(rule_id, HELD.ref.arn)
    assert record.lifecycle.state is FindingState.OPEN
    assert record.finding.evidence["event_id"] == "e-lost"
    mailwarden.hold(replace(before, last_modified=mailwarden.clock.at + timedelta(minutes=1)))
    mailwarden.clock.pass_by(hours=1)
    mailwarden.inspect(PoolHint(pool=HELD.ref))
    assert mailwarden.finding(rule_id, HELD.ref.arn).lifecycle.state is FindingState.RESOLVED
