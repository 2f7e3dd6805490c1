"""The pools of a deployment once a week: how many can send, which cannot, and which are exempt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mailwarden.domain.mail_path.look_record import LookRecord
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.operator.exemptions import ExemptionState, ListedExemption, exemptions_in
from mailwarden.domain.operator.pool_list import PoolList


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklySummary:
    """The last look at every pool. ``hurt`` are those without a plain *yes*, exempt or not.

    ``exemptions`` are those that are in effect or unreadable: a tag silences alerts, and no summary.
    """

    at: datetime
    pools: int
    unread: int
    by_answer: Mapping[Answer, int]
    hurt: tuple[LookRecord, ...]
    exemptions: tuple[ListedExemption, ...]


def weekly_summary(listed: PoolList) -> WeeklySummary:
    """The summary of a list of pools; pools that cannot send come first."""
    today = listed.at.date()
    hurt = [look for look in listed.looks if look.answer is not Answer.YES]
    order = (Answer.NO, Answer.AT_RISK, Answer.UNKNOWN)
    return WeeklySummary(
        at=listed.at,
        pools=listed.pools,
        unread=listed.unread,
        by_answer={answer: sum(look.answer is answer for look in listed.looks) for answer in Answer},
        hurt=tuple(sorted(hurt, key=lambda look: (order.index(look.answer), look.pool.arn))),
        exemptions=tuple(
            each for each in exemptions_in(listed.looks, today=today) if each.state(today) is not ExemptionState.ENDED
        ),
    )
