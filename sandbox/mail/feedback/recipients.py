"""The fate of mail after SES accepted it: the mailbox simulator's addresses, and control's rules for the others.

Source: SES Developer Guide, "Using the mailbox simulator manually", and the tables of bounce types in "Amazon SNS
notification contents for Amazon SES".
"""

import fnmatch
from dataclasses import dataclass
from enum import StrEnum

from sandbox.mail.ses.store import SIMULATOR_DOMAIN, domain_of


class Outcome(StrEnum):
    """How the way of one message to one recipient ends; the values are the words of the control API."""

    DELIVERED = "delivered"
    BOUNCE = "bounce"
    SOFT_BOUNCE = "soft_bounce"
    COMPLAINT = "complaint"
    REJECT = "reject"
    RENDERING_FAILURE = "rendering_failure"
    DELAY = "delay"
    AUTOMATIC_REPLY = "automatic_reply"
    SUPPRESSED_GLOBALLY = "suppressed_globally"
    SUPPRESSED_BY_ACCOUNT = "suppressed_by_account"


SETTABLE = frozenset(Outcome) - {Outcome.SUPPRESSED_BY_ACCOUNT}
"""Everything but what follows from the suppression list."""

_SIMULATOR = {
    "success": Outcome.DELIVERED,
    "bounce": Outcome.BOUNCE,
    "ooto": Outcome.AUTOMATIC_REPLY,
    "complaint": Outcome.COMPLAINT,
    "suppressionlist": Outcome.SUPPRESSED_GLOBALLY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The fate of mail to the addresses that a shell pattern matches."""

    pattern: str
    outcome: Outcome


_rules: list[Rule] = []


def is_simulator(address: str) -> bool:
    """Whether an address is one of the mailbox simulator's, whose mail does not count."""
    return domain_of(address) == SIMULATOR_DOMAIN


def outcome_of(address: str) -> Outcome:
    """The fate of mail to an address; of several rules the newest match applies."""
    if is_simulator(address):
        return _SIMULATOR.get(address.partition("@")[0].partition("+")[0].lower(), Outcome.DELIVERED)
    matching = (rule.outcome for rule in reversed(_rules) if fnmatch.fnmatchcase(address.lower(), rule.pattern))
    return next(matching, Outcome.DELIVERED)


def add_rule(pattern: str, outcome: Outcome) -> None:
    """Let mail to all addresses of a pattern end so from now on, in every account and region."""
    _rules.append(Rule(pattern=pattern.lower(), outcome=outcome))


def rules() -> tuple[Rule, ...]:
    """List the rules, oldest first."""
    return tuple(_rules)


def forget_rules() -> None:
    """Let all mail arrive again."""
    _rules.clear()
