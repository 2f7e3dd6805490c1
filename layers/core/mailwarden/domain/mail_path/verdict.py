"""Can a pool send mail now? The answer, and the state of each link of its path; ``path_verdict`` derives them."""

from dataclasses import dataclass
from enum import StrEnum


class Link(StrEnum):
    """The stages of the mail path, in the order in which a mail meets them."""

    SENDER = "sender"
    REGION = "region"
    IDENTITY = "identity"
    AUTHORIZATION = "authorization"
    ACCOUNT = "account"
    CONFIGURATION_SET = "configuration set"
    FEEDBACK = "feedback"
    RUNTIME = "runtime"
    MONITORING = "monitoring"


class Answer(StrEnum):
    """Whether the pool can send mail."""

    YES = "yes"
    AT_RISK = "at risk"
    NO = "no"
    UNKNOWN = "unknown"


class LinkState(StrEnum):
    """The state of one link."""

    SOUND = "sound"
    BROKEN = "broken"
    AT_RISK = "at risk"
    UNKNOWN = "unknown"
    NOT_USED = "not used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, the first link that decides it (None for a plain yes), and the state of every link in order."""

    answer: Answer
    deciding: Link | None
    links: tuple[tuple[Link, LinkState], ...]
