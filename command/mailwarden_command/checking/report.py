"""The report of a check: a frozen value, from which every output format is made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from mailwarden.domain.findings.finding import Effect, Finding, Severity
from mailwarden_command.audit.status import Status
from mailwarden_command.checking.source.nested import NestedStack
from mailwarden_command.checking.source.nodes import Place

# A sending policy, for which CloudFormation has no resource, and the domain of a pool: a stack that has been deployed
# before may well have them. A new pool of a plan does not.
ADDED_ELSEWHERE = frozenset({"MW111", "MW401"})


class OpenReason(Enum):
    """Why rules are open: they need something that the source does not have."""

    REGION = auto()
    VALUES = auto()
    NOT_IN_SOURCE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRules:
    """Rules that could not be judged for a pool; ``about`` names the values, or the identity."""

    reason: OpenReason
    rules: tuple[str, ...]
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundInSource:
    """A finding, its place, and the choices for which it was found; empty for all.

    ``spoken`` has the words that readers see in place of values that represent unknown ones.
    """

    finding: Finding
    place: Place
    choices: Mapping[str, str] = field(default_factory=dict)
    spoken: Mapping[str, str] = field(default_factory=dict)

    @property
    def may_be_elsewhere(self) -> bool:
        """Whether the template lacks what something outside of it may add, so that the effect is not known."""
        return self.finding.effect is Effect.UNKNOWN and self.finding.rule_id in ADDED_ELSEWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPool:
    """A user pool of a source; ``not_known`` is a part of it that is not known, so that nothing was judged."""

    name: str
    place: Place
    found: tuple[FoundInSource, ...] = ()
    open_rules: tuple[OpenRules, ...] = ()
    not_known: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """A file; ``refusal`` and its place if it could not be read. ``is_plan``: Terraform made it.

    ``nested`` are its nested stacks whose templates are no files of the check.
    """

    path: str
    is_plan: bool = False
    pools: tuple[CheckedPool, ...] = ()
    refusal: str = ""
    place: Place | None = None
    nested: tuple[NestedStack, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """Everything that a check found; ``version`` is Mailwarden's. ``needs_account``: rules that no source decides."""

    version: str
    files: tuple[CheckedFile, ...]
    needs_account: tuple[str, ...]

    def pools(self) -> Iterator[tuple[CheckedFile, CheckedPool]]:
        """Every pool with its file."""
        return ((file, pool) for file in self.files for pool in file.pools)

    def found(self) -> Iterator[tuple[CheckedFile, CheckedPool, FoundInSource]]:
        """Every finding with its file and its pool."""
        return ((file, pool, found) for file, pool in self.pools() for found in pool.found)


def status_of_check(report: CheckReport, fail_on: Severity | None, *, allow_unknown: bool) -> Status:
    """FOUND with a certain finding of at least *fail_on* (None: never); else whether the source decided its rules.

    With *allow_unknown* a rule that is open counts as sound; a file that cannot be read never does.
    """
    findings = [found.finding for _, _, found in report.found()]
    certain = [each for each in findings if each.effect is not Effect.UNKNOWN]
    if fail_on is not None and any(each.severity >= fail_on for each in certain):
        return Status.FOUND
    if any(file.refusal for file in report.files):
        return Status.NOT_JUDGED
    is_open = any(each.effect is Effect.UNKNOWN and not each.is_note for each in findings) or any(
        pool.not_known or any(each.reason is not OpenReason.NOT_IN_SOURCE for each in pool.open_rules)
        for _, pool in report.pools()
    )
    is_open = is_open or any(file.nested for file in report.files)
    return Status.NOT_JUDGED if is_open and not allow_unknown else Status.SOUND
