"""Whether the rules judge a configuration worse than another one, and by what: the verdict, or a finding."""

from collections.abc import Iterable
from dataclasses import dataclass

from mailwarden.domain.findings.finding import Effect, Finding
from mailwarden.domain.mail_path.verdict import Answer, Verdict
from mailwarden.message import Message, message

_ANSWERS = (Answer.YES, Answer.AT_RISK, Answer.UNKNOWN, Answer.NO)
_EFFECTS = (Effect.NONE, Effect.AT_RISK, Effect.UNKNOWN, Effect.LOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorseVerdict:
    """The verdict afterwards is worse, or unknown."""

    now: Verdict
    after: Verdict

    @property
    def loses_mail(self) -> bool:
        """Whether mail would be lost, or no rule can tell: unknown never counts as delivered."""
        return self.after.answer in {Answer.NO, Answer.UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorseFinding:
    """The verdict is no worse, but a finding is worse than every finding before."""

    finding: Finding


type Worse = WorseVerdict | WorseFinding


def how_worse(now: Verdict, after: Verdict, found: Iterable[Finding], foreseen: Iterable[Finding]) -> Worse | None:
    """How the mail would be worse off: by the verdicts, then by the findings *found* and *foreseen*; None if it is not.

    Unknown is worse than everything but lost mail. Where mail is lost now, nothing can be lost by a change.
    """
    if now.answer is Answer.NO:
        return None
    if after.answer is Answer.UNKNOWN or _ANSWERS.index(after.answer) > _ANSWERS.index(now.answer):
        return WorseVerdict(now=now, after=after)
    worst = max((_badness(finding) for finding in found if not finding.is_note), default=(0, 0))
    for finding in foreseen:
        if not finding.is_note and _badness(finding) > worst:
            return WorseFinding(finding=finding)
    return None


def answer_word(verdict: Verdict) -> Message:
    """The answer of a verdict as a message."""
    return message(f"verdict.{verdict.answer.value.replace(' ', '-')}")


def _badness(finding: Finding) -> tuple[int, int]:
    return _EFFECTS.index(finding.effect), finding.severity
