"""The part of a judgment that is about the pool's own mail: an order about its sender is compared by that."""

from mailwarden.domain.findings.comparison import Worse, how_worse
from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.findings.path_verdict import verdict_of
from mailwarden.rules.judging import Judgment

# About the notices of threat protection: no mail of the pool's own depends on their sender, and what AWS does not
# document about it is unknown before and after any write.
OF_NOTICES = "MW112"


def worse_for_own_mail(now: Judgment, after: Judgment) -> Worse | None:
    """How the pool's own mail would be worse off; None if it would not."""
    found, foreseen = _own(now), _own(after)
    return how_worse(verdict_of(now.path, found), verdict_of(after.path, foreseen), found, foreseen)


def _own(judgment: Judgment) -> tuple[Finding, ...]:
    return tuple(each for each in judgment.findings if each.rule_id != OF_NOTICES)
