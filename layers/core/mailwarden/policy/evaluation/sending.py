"""Answers two questions about sending: may this sender send, and does a statement explicitly deny it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailwarden.policy.document.model import StatementEffect
from mailwarden.policy.evaluation.decision import Allowed, Denied, NotAllowed, Undecidable
from mailwarden.policy.evaluation.evaluate import evaluate, read_policies
from mailwarden.policy.evaluation.sender import SEND_ACTIONS, Request
from mailwarden.policy.matching.three_valued import Truth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mailwarden.policy.document.parse import PolicySource
    from mailwarden.policy.evaluation.decision import PolicyDecision, Reading, StatementRef
    from mailwarden.policy.evaluation.sender import SendingCaller


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingDecision:
    """One answer for both sending actions, and the answer for each in the order of ``SEND_ACTIONS``."""

    decision: PolicyDecision
    by_action: tuple[PolicyDecision, ...]

    @property
    def allowed_actions(self) -> tuple[str, ...]:
        """The actions that are certainly allowed."""
        return tuple(decision.action for decision in self.by_action if isinstance(decision, Allowed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Denials:
    """Deny statements that stop a sender, for at least one of the sending actions.

    ``certain`` ones apply; ``possible`` ones may, each with its doubts. Unreadable documents and statements
    of unreadable effect are possible denials.
    """

    certain: tuple[Reading, ...]
    possible: tuple[Reading, ...]


def decide_sending(policies: Mapping[str, PolicySource], sender: SendingCaller) -> SendingDecision:
    """Whether *sender* may use both SendEmail and SendRawEmail, the pair that Cognito's guide requires.

    AWS does not document which of the two Cognito calls, so both are needed: the worse answer counts.
    """
    by_action = tuple(evaluate(policies, Request(sender=sender, action=action)) for action in SEND_ACTIONS)
    return SendingDecision(decision=max(by_action, key=_severity), by_action=by_action)


def blocking_denies(policies: Mapping[str, PolicySource], sender: SendingCaller) -> Denials:
    """The statements that explicitly deny *sender* a sending action; for a service-linked role only these matter."""
    certain: dict[StatementRef, Reading] = {}
    possible: dict[StatementRef, Reading] = {}
    for action in SEND_ACTIONS:
        for reading in read_policies(policies, Request(sender=sender, action=action)):
            if reading.effect is StatementEffect.ALLOW or reading.matches is Truth.FALSE:
                continue
            sure = reading.effect is StatementEffect.DENY and reading.matches is Truth.TRUE
            (certain if sure else possible).setdefault(reading.ref, reading)
    return Denials(
        certain=tuple(certain.values()),
        possible=tuple(reading for ref, reading in possible.items() if ref not in certain),
    )


def _severity(decision: PolicyDecision) -> int:
    match decision:
        case Allowed():
            return 0
        case Undecidable():
            return 1
        case NotAllowed():
            return 2
        case Denied():
            return 3
