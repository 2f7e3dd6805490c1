"""The last look at a pool, as the ledger keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mailwarden.domain.known_good.notices import KnownNotices
from mailwarden.domain.known_good.record import KnownGood
from mailwarden.domain.known_good.verification import KnownVerification
from mailwarden.domain.mail_path.exemption import KnownExemption
from mailwarden.domain.mail_path.verdict import Answer, Link
from mailwarden.domain.readings import EmailConfiguration
from mailwarden.domain.refs.causes import Cause
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef
from mailwarden.message import Message

# Cognito allows 128 characters.
LONGEST_POOL_NAME = 256
# In place of the ids of rules: the pool itself could not be read.
EVERY_RULE = "every rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoneRepair:
    """The repair of ``resource`` for the findings of ``rules`` that was undone at ``at``, by the entry ``undo_id``.

    ``state`` is the digest of what was live afterwards; None until a look after the undo found it. It is not
    ``confirmed`` as long as it is unknown whether the undo was written.
    """

    undo_id: str
    at: datetime
    resource: str
    rules: tuple[str, ...]
    state: str | None = None
    confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowCase:
    """A fix that was due while RepairMode was off: nothing was written, and the problem goes on.

    ``withheld`` is why RepairMode `safe` would not have written it either; None if it would have. ``wanted`` is the
    EmailConfiguration that it would have written; None where it writes something else. ``email`` and ``policies`` (a
    digest of the sending policies of the identity that it writes) are what was there when it was first due. ``cause``
    is the call that led to that look.
    """

    rule_id: str
    subject_arn: str
    resource: str
    title: Message
    opened_at: datetime
    withheld: Message | None
    wanted: EmailConfiguration | None
    email: EmailConfiguration
    policies: str | None
    cause: Cause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRecord:
    """The last look at a pool: the verdict, what was found, and what the pool's mail uses (the reverse index).

    ``uses`` holds the ARNs of the identities, configuration set and SES accounts of the path, and of the monitoring of
    its region. ``changed_by`` is the last known call that wrote the pool, ``announced_digest`` the digest of the mail
    settings of the last event. ``undecided`` holds the ids of the rules that could not judge everything, or
    ``EVERY_RULE``. ``undone`` are the repairs that a person undid and that are not made again.
    ``known_good`` is the EmailConfiguration that the pool is expected to have; None before the first judged look.
    ``verification`` is set if the pool is expected to verify addresses by mail, ``notices`` if threat protection is
    expected to have a sender of notices.
    ``exemptions`` are those of the pool and of the identities that its mail uses. ``shadow`` are the fixes that are due
    and not written because RepairMode is off. ``application`` are the tags of the pool that alerts show.
    """

    pool: PoolRef
    pool_name: str
    looked_at: datetime
    answer: Answer
    deciding: Link | None
    findings: tuple[FindingKey, ...]
    uses: tuple[str, ...]
    changed_by: Cause | None = None
    announced_digest: str | None = None
    undecided: tuple[str, ...] = ()
    undone: tuple[UndoneRepair, ...] = ()
    known_good: KnownGood | None = None
    verification: KnownVerification | None = None
    notices: KnownNotices | None = None
    exemptions: tuple[KnownExemption, ...] = ()
    shadow: tuple[ShadowCase, ...] = ()
    application: Mapping[str, str] = field(default_factory=dict)

    def decides(self, rule_id: str) -> bool:
        """Whether a finding of this rule that the look does not name was judged, and not found."""
        return EVERY_RULE not in self.undecided and rule_id not in self.undecided
