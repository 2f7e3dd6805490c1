"""A finding that many pools share is read once for the looks of a batch."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from mailwarden.domain.findings.record import FindingRecord
from mailwarden.domain.refs.finding_key import FindingKey
from tests.builders import ses_account
from tests.fakes.deployment import hint
from tests.fakes.ledger.findings import InMemoryFindings
from tests.unit.service.test_batch_cache import deployment, pools


@dataclass(slots=True, kw_only=True)
class CountedFindings(InMemoryFindings):
    """Counts the reads of each finding."""

    counted: Counter[str] = field(default_factory=Counter)

    def update(
        self, key: FindingKey, change: Callable[[FindingRecord | None], FindingRecord | None]
    ) -> FindingRecord | None:
        self.counted[key.rule_id] += 1
        return InMemoryFindings.update(self, key, change)


def test_a_finding_that_the_pools_of_a_batch_share_is_read_once_for_all_of_them() -> None:
    held = pools(30)
    mailwarden = deployment(*held)
    mailwarden.accounts.held["us-east-1"] = ses_account(production_access=False)
    mailwarden.inspect(*(hint(each) for each in held))
    counted = CountedFindings(held=mailwarden.ledger.findings.held)
    mailwarden.ledger.findings = counted
    mailwarden.clock.pass_by(hours=1)

    mailwarden.inspect(*(hint(each) for each in held))

    assert counted.counted["MW501"] == 1
    record = mailwarden.finding("MW501", ses_account().ref.arn)
    assert len(record.lifecycle.affected) == 30
