"""The largest change that may be written fits into an item of the journal."""

from bisect import bisect_left
from dataclasses import replace

import pytest

from mailwarden.adapters.aws.dynamodb.journal import DynamoJournal
from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.repair.change_documents import LONGEST_CHANGE, why_not_kept
from mailwarden.domain.repair.journal import Refused
from mailwarden.message import verbatim
from tests.fakes.examples import MORNING, SEOUL_POOL, a_cause, a_pool, an_intention


@pytest.mark.parametrize("sign", ["x", "é", "😀", '"'])
def test_the_largest_change_that_is_kept_is_stored_and_so_is_its_undo(dynamo_journal: DynamoJournal, sign: str) -> None:
    """With all that an item has besides: DynamoDB refuses an item of more than 400 KB."""

    def change_of(length: int) -> ReplaceEmailConfiguration:
        live = EmailConfiguration(from_address=sign * length)
        return ReplaceEmailConfiguration(pool=SEOUL_POOL, before=live, after=replace(live, reply_to="a@shop.example"))

    refused_from = bisect_left(
        range(LONGEST_CHANGE), x=True, key=lambda each: why_not_kept(change_of(each)) is not None
    )
    change = change_of(refused_from - 1)
    back = ReplaceEmailConfiguration(pool=SEOUL_POOL, before=change.after.in_full, after=change.before)
    long = "é" * LONGEST_CHANGE
    cause = replace(a_cause(), actor="é" * 300, user_agent="é" * 300, event_name="é" * 300)
    pools = tuple(map(a_pool, range(60)))

    for number, each in enumerate((change, back)):
        intention = replace(
            an_intention(f"entry-{number}", change=each, cause=cause),
            title=verbatim(long),
            pools=pools,
            findings=tuple(FindingKey(subject_arn=pool.arn, rule_id="MW401") for pool in pools),
        )
        dynamo_journal.intend(intention)
        dynamo_journal.conclude(intention.entry_id, Refused(reason=verbatim(long)), at=MORNING)

        entry = dynamo_journal.entry(intention.entry_id)
        assert entry is not None
        assert entry.intention.change == each
