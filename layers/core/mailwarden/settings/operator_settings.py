"""The operator's settings as one value; ``document`` reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailwarden.domain.findings.application_tags import APPLICATION_TAGS
from mailwarden.domain.findings.finding import Severity
from mailwarden.domain.incidents.chat_route import ChatRoute
from mailwarden.domain.mail_path.consent import ConsentSettings
from mailwarden.domain.monitoring.monitoring import SettingsFault
from mailwarden.domain.repair.limits import Limits, RepairMode, RuleMode
from mailwarden.domain.reputation.thresholds import Thresholds
from mailwarden.message import Message
from mailwarden.regions import RegionTable, built_in_table

_HEIGHT = {RepairMode.OFF: 0, RepairMode.SAFE: 1, RepairMode.UNSAFE: 2}
_RULE_HEIGHT = {RuleMode.OFF: 0, RuleMode.REPORT: 1, RuleMode.REPAIR: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorSettings:
    """The values of the operator's document, with built-in values for missing members.

    ``from_local_part`` is for pools that send as a domain and have no FROM address. Of ``slack_routes`` the first that
    fits chooses the channel of an incident. ``application_tags`` are the keys of the tags that alerts show.
    ``fault`` is the error of the current document if an earlier version is in effect. ``closed_because`` is set with
    it: until the current document can be read, nothing is written. ``version`` is that of the document in effect.
    """

    repair_mode: RepairMode | None = None
    rule_modes: Mapping[str, RuleMode] = field(default_factory=dict)
    severities: Mapping[str, Severity] = field(default_factory=dict)
    thresholds: Thresholds = field(default_factory=Thresholds)
    consents: ConsentSettings = field(default_factory=lambda: ConsentSettings(identities={}))
    table: RegionTable = field(default_factory=built_in_table)
    deployment_roles: tuple[str, ...] = ()
    from_local_part: str | None = None
    application_tags: tuple[str, ...] = APPLICATION_TAGS
    slack_routes: tuple[ChatRoute, ...] = ()
    fault: SettingsFault | None = None
    closed_because: Message | None = None
    version: int | None = field(default=None, compare=False)

    def limits(self, stack_mode: RepairMode) -> Limits:
        """The limits in effect: the lower of the stack's mode and the document's."""
        return Limits(
            repair_mode=lower(stack_mode, self.repair_mode),
            rule_modes=self.rule_modes,
            closed_because=self.closed_because,
        )


def lower(mode: RepairMode, other: RepairMode | None) -> RepairMode:
    """The mode that lets itself do less; None sets no limit."""
    return mode if other is None else min(mode, other, key=_HEIGHT.__getitem__)


def lower_rule_mode(mode: RuleMode, other: RuleMode | None) -> RuleMode:
    """The mode that lets a rule do less; None sets no limit."""
    return mode if other is None else min(mode, other, key=_RULE_HEIGHT.__getitem__)
