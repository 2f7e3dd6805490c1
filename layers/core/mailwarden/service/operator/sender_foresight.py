"""Judges what an order about a sender would write: the pool as it would be, compared with the pool as it is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration, ReplaceRiskConfiguration
from mailwarden.domain.findings.comparison import WorseFinding, WorseVerdict, answer_word
from mailwarden.domain.mail_path.verdict import Answer
from mailwarden.domain.operator.sender_order import SenderChange, SenderOrder, SenderPlanned, SenderRefused
from mailwarden.domain.operator.undo import ForeseenPool
from mailwarden.domain.readings import SenderMode, Unreadable
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.repair.change_documents import why_not_kept
from mailwarden.message import Message, message
from mailwarden.ports.repair.stacks import Owned, Stacks
from mailwarden.rules.default_sender import MAILS_A_DAY
from mailwarden.service.operator.as_if import as_if
from mailwarden.service.operator.own_mail import OF_NOTICES, worse_for_own_mail
from mailwarden.service.repair.pool_review import PoolReview, PoolReviewer


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderForesight:
    """Reads AWS and the ledger, and writes nothing."""

    reviewer: PoolReviewer
    stacks: Stacks

    def judged(
        self, now: PoolReview, order: SenderOrder, change: SenderChange, choice: Cause
    ) -> SenderRefused | SenderPlanned:
        """The write with the judgment after it, or why it is not made."""
        unkept = why_not_kept(change)
        if unkept is not None:
            return SenderRefused(reason=unkept)
        then = replace(self.reviewer, path_reader=as_if(change, self.reviewer.path_reader))
        after = then.review(change.pool, at=now.at, fresh=True, cause=choice)
        if not isinstance(after, PoolReview):
            refusal = after.message if isinstance(after, Unreadable) else message("undo.pool-gone")
            return SenderRefused(reason=refusal, change=change)
        foreseen = foreseen_of(now, after)
        warnings = tuple(self._warnings(change, foreseen))
        match worse_for_own_mail(now.judgment, after.judgment):
            case WorseVerdict(loses_mail=True) as worse:
                reason = message("set-sender.loses-mail", now=answer_word(worse.now), after=answer_word(worse.after))
                return SenderRefused(reason=reason, change=change, foreseen=foreseen, warnings=warnings)
            case WorseVerdict() as worse:
                reason = message("set-sender.worse", now=answer_word(worse.now), after=answer_word(worse.after))
            case WorseFinding(finding=finding):
                reason = message("set-sender.worse-finding", rule=finding.rule_id, finding=finding.message)
            case None:
                return SenderPlanned(change=change, foreseen=foreseen, warnings=warnings)
        if order.although_worse:
            return SenderPlanned(change=change, foreseen=foreseen, warnings=(reason, *warnings))
        reason = message("set-sender.needs-consent", reason=reason)
        return SenderRefused(reason=reason, change=change, foreseen=foreseen, warnings=warnings)

    def _warnings(self, change: SenderChange, foreseen: ForeseenPool) -> Iterator[Message]:
        match change:
            case ReplaceEmailConfiguration(before=before, after=after):
                if (before.mode, after.mode) == (SenderMode.DEVELOPER, SenderMode.COGNITO_DEFAULT):
                    yield message("set-sender.default-limit", limit=MAILS_A_DAY)
                if foreseen.now.answer is Answer.NO and foreseen.after.answer in {Answer.NO, Answer.UNKNOWN}:
                    yield message("set-sender.still-broken", after=answer_word(foreseen.after))
            case ReplaceRiskConfiguration():
                for finding in foreseen.findings:
                    if finding.rule_id == OF_NOTICES:
                        yield message("restore.notices-doubt", rule=finding.rule_id)
        owner = self.stacks.owner_of(change.pool)
        if isinstance(owner, Owned):
            yield message("set-sender.owned", owner=owner.by)


def foreseen_of(now: PoolReview, after: PoolReview) -> ForeseenPool:
    """The pool as it is, and the judgment of how it would be."""
    return ForeseenPool(
        pool=now.judgment.path.pool.ref,
        pool_name=now.judgment.path.pool.name,
        now=now.judgment.verdict,
        after=after.judgment.verdict,
        findings=after.judgment.findings,
    )
