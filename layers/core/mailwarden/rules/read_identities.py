"""The identities of a path that were read, for the rules that judge each of them by itself."""

from collections.abc import Callable, Iterable, Iterator

from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.mail_path.path import MailPath
from mailwarden.domain.mail_path.ses_region_state import judged_ses_states
from mailwarden.domain.readings import Identity, Missing, Unreadable
from mailwarden.rules.rule import Rule


def of_each_identity(
    rule: Rule, path: MailPath, judge: Callable[[MailPath, Identity], Iterable[Finding]]
) -> Iterator[Finding]:
    """The findings of *judge* about each identity; a refused read leaves *rule* undecided about its identity.

    A missing identity is MW301's to report.
    """
    for ses_state in judged_ses_states(path):
        match ses_state.identity:
            case Missing():
                continue
            case Unreadable() as refused:
                yield rule.undecided(path, subject=ses_state.identity_ref, because=refused.message)
            case Identity() as identity:
                yield from judge(path, identity)
