"""Sets the sender of a pool on an operator's order, or restores the last known good one, through the write protocol.

Nothing else of the pool changes.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from mailwarden.domain.findings.changes import ReplaceEmailConfiguration
from mailwarden.domain.findings.sender_reset import sender_reset_of
from mailwarden.domain.known_good.notices import lost_notices
from mailwarden.domain.known_good.origin import chosen
from mailwarden.domain.known_good.verification import ACCEPTED, lost_verification
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.operator.sender_order import (
    SenderAccepted,
    SenderAnswer,
    SenderCarriedOut,
    SenderOrder,
    SenderPlanned,
    SenderRefused,
    SenderUnchanged,
)
from mailwarden.domain.operator.sender_plan import (
    restored_notices,
    wanted_sender,
    why_default_is_illegal,
    why_nothing_accepted,
    why_nothing_lost,
)
from mailwarden.domain.readings import EmailConfiguration, Identity, SenderMode, Unreadable
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import IdentityRef, NotASubject, PoolRef
from mailwarden.domain.repair.change_documents import change_digest
from mailwarden.domain.repair.journal import OPERATOR, Intention, Unconfirmed, may_have_taken_effect
from mailwarden.message import Message, message
from mailwarden.ports.clock import Clock
from mailwarden.ports.operator.second_factors import SecondFactors
from mailwarden.ports.repair.resource_leases import ResourceLease
from mailwarden.regions import RegionRow, SenderUse
from mailwarden.service.operator.choices import as_choice
from mailwarden.service.operator.sender_foresight import SenderForesight, foreseen_of
from mailwarden.service.repair.look_again import SOON, LookAgain
from mailwarden.service.repair.pool_review import PoolReview, PoolReviewer
from mailwarden.service.repair.write_protocol import OutcomeUnknown, ResourceBusy, WriteProtocol

# The event name in the journal's cause, where other entries have the API call; also part of the title's id.
ORDERED, RESTORED, RESTORED_NOTICES = "set-sender", "restore", "restore-notices"
# The rules whose findings a restored sender ends.
SENDER_RESET, NOTICES_LOST = "MW108", "MW117"


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderWrites:
    """Carries out orders about senders. No setting and no repair mode forbids one, and no budget is charged."""

    reviewer: PoolReviewer
    protocol: WriteProtocol
    look_again: LookAgain
    second_factors: SecondFactors
    foresight: SenderForesight
    clock: Clock
    partition: str
    account: str
    home_region: str
    watched_regions: tuple[str, ...]

    def set_sender(self, order: SenderOrder, *, request_id: str) -> SenderAnswer:
        """Set the sender if the order applies it; else return the write and the judgment after it."""
        at = self.clock.now()
        now = self._find(order, at)
        if isinstance(now, SenderRefused):
            return now
        cause = Cause(
            event_name=_word_of(order),
            event_id=request_id,
            actor=order.by,
            user_agent="",
            region=self.home_region,
            at=at,
        )
        if order.accept:
            return self._accept(now, cause)
        if not order.apply:
            return self._plan(now, order, cause)
        pool = now.judgment.path.pool.ref
        try:
            with self.protocol.lease(pool.arn) as lease:
                return self._set(lease, pool, order, cause)
        except ResourceBusy:
            return SenderRefused(reason=message("undo.busy"))
        except OutcomeUnknown:
            return SenderRefused(reason=message("undo.not-concluded"))

    def _accept(self, now: PoolReview, cause: Cause) -> SenderAnswer:
        """A look that knows that a person chose what is live."""
        path = now.judgment.path
        facts = path.ledger_facts
        losses = (
            sender_reset_of(path),
            lost_verification(facts.verification, path.pool.settings),
            lost_notices(facts.notices, path.pool),
        )
        if all(loss is None for loss in losses):
            return SenderRefused(reason=why_nothing_accepted(path))
        choice = chosen(cause, path.pool.email)
        after = self.reviewer.review(path.pool.ref, at=self.clock.now(), fresh=True, cause=choice)
        if not isinstance(after, PoolReview):
            refusal = after.message if isinstance(after, Unreadable) else message("undo.pool-gone")
            return SenderRefused(reason=refusal)
        if not self.reviewer.record(after, cause=choice):
            return SenderRefused(reason=message("undo.pools-busy"))
        return SenderAccepted(foreseen=foreseen_of(now, after))

    def _find(self, order: SenderOrder, at: datetime) -> PoolReview | SenderRefused:
        refused: list[Message] = []
        regions = order.pool.regions(self.watched_regions)
        unwatched = tuple(region for region in regions if region not in self.watched_regions)
        for region in (region for region in regions if region in self.watched_regions):
            pool = PoolRef(partition=self.partition, region=region, account=self.account, pool_id=order.pool.pool_id)
            review = self.reviewer.review(pool, at=at, fresh=True)
            if isinstance(review, PoolReview):
                return _meant(order, review)
            if isinstance(review, Unreadable):
                refused.append(review.message)
        if refused:
            return SenderRefused(reason=message("set-sender.unreadable", refusals=tuple(refused)))
        if unwatched:
            return SenderRefused(reason=message("set-sender.unwatched", pool=order.pool.pool_id, regions=unwatched))
        return SenderRefused(reason=message("set-sender.no-pool", pool=order.pool.pool_id, regions=regions))

    def _set(self, lease: ResourceLease, pool: PoolRef, order: SenderOrder, cause: Cause) -> SenderAnswer:
        recovered = self.protocol.recover(lease)
        if recovered is not None:
            self.look_again.later(recovered.intention.pools, cause=recovered.intention.cause)
        now = self.reviewer.review(pool, at=self.clock.now(), fresh=True)
        if not isinstance(now, PoolReview):
            refusal = now.message if isinstance(now, Unreadable) else message("undo.pool-gone")
            return SenderRefused(reason=refusal)
        meant = _meant(order, now)
        planned = meant if isinstance(meant, SenderRefused) else self._plan(meant, order, cause)
        if not isinstance(planned, SenderPlanned):
            return planned
        return self._carry_out(lease, planned, order, as_choice(cause, planned.change))

    def _plan(
        self, now: PoolReview, order: SenderOrder, cause: Cause
    ) -> SenderRefused | SenderUnchanged | SenderPlanned:
        path = now.judgment.path
        if order.restore_notices:
            restored = restored_notices(path)
            if isinstance(restored, Message):
                return SenderRefused(reason=restored)
            return self.foresight.judged(now, order, restored, as_choice(cause, restored))
        after = self._wanted(order, path)
        if isinstance(after, Message):
            return SenderRefused(reason=after)
        change = ReplaceEmailConfiguration(pool=path.pool.ref, before=path.pool.email, after=after)
        if after.in_full == path.pool.email.in_full:
            return SenderUnchanged(foreseen=foreseen_of(now, now))
        reason = self._why_illegal(path, after)
        if reason is not None:
            return SenderRefused(reason=reason, change=change)
        return self.foresight.judged(now, order, change, as_choice(cause, change))

    def _wanted(self, order: SenderOrder, path: MailPath) -> EmailConfiguration | Message:
        if order.restore:
            reset = sender_reset_of(path)
            return why_nothing_lost(path) if reset is None else reset.known.email
        source_arn = None if order.identity is None else self._source_arn(order, path)
        return source_arn if isinstance(source_arn, Message) else wanted_sender(order, path.pool.email, source_arn)

    def _why_illegal(self, path: MailPath, after: EmailConfiguration) -> Message | None:
        pool = path.pool
        if pool.unknown_members:
            return message("write.unknown-members", members=pool.unknown_members)
        if after.mode is not SenderMode.COGNITO_DEFAULT:
            return None
        second_factor = self.second_factors.mails_second_factor(pool.ref)
        return why_default_is_illegal(after, pool.factors, second_factor=second_factor)

    def _source_arn(self, order: SenderOrder, path: MailPath) -> str | Message:
        """The ARN of the named identity: in the first of the SES regions that the pool may use where it exists."""
        name, pool = order.identity or "", path.pool.ref
        try:
            return IdentityRef.from_arn(name).arn
        except NotASubject:
            pass
        use = SenderUse.DEFAULT_CUSTOM_FROM if order.default else SenderUse.DEVELOPER
        if not isinstance(path.row, RegionRow) or path.row.provisional or not path.row.regions(use):
            return message("set-sender.no-row", region=pool.region)
        regions = path.row.regions(use)
        ref = IdentityRef(partition=pool.partition, region="*", account=pool.account, name=name)
        if path.row.needs_all_regions(use):
            return ref.arn
        # The pool's own region first: mail that stays there is faster, and so does the data.
        for region in sorted(regions, key=lambda each: each != pool.region):
            reading = self.reviewer.path_reader.identities.read(replace(ref, region=region), fresh=True)
            if isinstance(reading, Unreadable):
                return message("set-sender.identity-unreadable", identity=name, refusal=reading.message)
            if isinstance(reading, Identity):
                return reading.ref.arn
        return message("set-sender.no-identity", identity=name, regions=regions)

    def _carry_out(
        self, lease: ResourceLease, planned: SenderPlanned, order: SenderOrder, cause: Cause
    ) -> SenderCarriedOut:
        change = planned.change
        word = _word_of(order)
        title = f"order.{word}"
        ended = {RESTORED: (SENDER_RESET,), RESTORED_NOTICES: (NOTICES_LOST,)}.get(word, ())
        intention = Intention(
            entry_id=lease.holder,
            at=self.clock.now(),
            findings=tuple(FindingKey(subject_arn=change.resource, rule_id=rule_id) for rule_id in (OPERATOR, *ended)),
            pools=(change.pool,),
            title=message(title, reason=order.reason) if order.reason else message(f"{title}-without-reason"),
            change=change,
            change_digest=change_digest(change),
            cause=cause,
        )
        written = self.protocol.carry_out(lease, intention, change, proposed=None)
        outcome = written if isinstance(written, Unconfirmed) else written.outcome
        if isinstance(outcome, Unconfirmed):
            self.look_again.later((change.pool,), cause=cause, delay=SOON)
        elif may_have_taken_effect(outcome):
            self.look_again.after(intention, (change.pool,))
        return SenderCarriedOut(
            change=change,
            foreseen=planned.foreseen,
            warnings=planned.warnings,
            entry_id=lease.holder,
            outcome=outcome,
        )


def _word_of(order: SenderOrder) -> str:
    if order.accept:
        return ACCEPTED
    if order.restore_notices:
        return RESTORED_NOTICES
    return RESTORED if order.restore else ORDERED


def _meant(order: SenderOrder, review: PoolReview) -> PoolReview | SenderRefused:
    """The review, unless the pool was found by a name that it does not have any more."""
    pool = review.judgment.path.pool
    if order.name in {None, pool.name}:
        return review
    return SenderRefused(reason=message("set-sender.other-name", pool=pool.ref.pool_id, wanted=str(order.name)))
