"""What a rule says of one subject at one moment, and what that means for the mail."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum

from mailwarden.domain.findings.changes import Fix
from mailwarden.domain.mail_path.verdict import Link
from mailwarden.domain.refs.finding_key import FindingKey
from mailwarden.domain.refs.resources import PoolRef, Subject
from mailwarden.domain.refs.root_causes import RootCause
from mailwarden.message import Argument, Message, clipped, clipped_message, storable

# In characters of text from outside: more than people are shown, and together far below the 400 KB of an item.
LONGEST_SENTENCE = 3000
# What to do, in characters of the sentence as it is shown: a policy in it is of no use if it is cut.
LONGEST_ADVICE = 2400
_LONGEST_EVIDENCE = 1500
_LONGEST_NAME = 128
_MOST_EVIDENCE = 30


class Severity(IntEnum):
    """How bad a finding is; critical = mail is not delivered, or anybody may send as you."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """As people read it."""
        return self.name.lower()


SEVERITY_BY_LABEL = {severity.label: severity for severity in Severity}


class Effect(StrEnum):
    """What a finding means for the pool's mail now."""

    LOST = "lost"
    """Mail is not delivered: the link is broken."""
    AT_RISK = "at risk"
    """Mail is delivered now and will not be if nothing is done."""
    UNKNOWN = "unknown"
    """It could not be judged; never counted as sound."""
    NONE = "none"
    """Mail is delivered; something else is wrong (too wide a grant, a note)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule's word on one subject.

    ``message``: subject, verb, what is wrong; no advice, no full stop. ``why``: in one sentence, why mail fails or what
    may happen. ``evidence``: what was seen, as short texts by name, fit to be shown to people. ``remediation``: what
    a person should do where nothing is repaired. ``is_note``: fit for reports, and no reason to alert anybody.
    ``root_cause``: what explains this finding and others; None where it is the subject alone.
    """

    rule_id: str
    rule_name: str
    link: Link
    severity: Severity
    effect: Effect
    subject: Subject
    message: Message
    why: Message
    remediation: Message
    unknown_reason: Message | None = None
    evidence: Mapping[str, Argument] = field(default_factory=dict)
    affected: tuple[PoolRef, ...] = ()
    fix: Fix | None = None
    is_note: bool = False
    root_cause: RootCause | None = None

    @property
    def key(self) -> FindingKey:
        """Which finding it is."""
        return FindingKey(subject_arn=self.subject.arn, rule_id=self.rule_id)

    def recorded(self) -> "Finding":
        """The part that the ledger keeps: without the fix and the pools, which are recorded apart, and of bounded size.

        What rules quote comes from outside, such as a FROM of 131,072 characters, and an item holds 400 KB.
        """
        reason = self.unknown_reason
        return replace(
            self,
            affected=(),
            fix=None,
            is_note=False,
            message=clipped_message(self.message, LONGEST_SENTENCE),
            why=clipped_message(self.why, LONGEST_SENTENCE),
            remediation=clipped_message(self.remediation, LONGEST_SENTENCE),
            unknown_reason=None if reason is None else clipped_message(reason, LONGEST_SENTENCE),
            evidence={
                storable(name, _LONGEST_NAME): clipped(value, _LONGEST_EVIDENCE)
                for name, value in list(self.evidence.items())[:_MOST_EVIDENCE]
            },
        )
