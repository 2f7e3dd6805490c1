"""The options of a configuration set that a person is to set about a finding; Mailwarden writes none of them."""

from dataclasses import dataclass

from mailwarden.domain.findings.finding import Finding
from mailwarden.domain.refs.resources import ConfigurationSetRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOptions:
    """The wanted options; the others of the set stay as they are."""

    ref: ConfigurationSetRef
    sending_enabled: bool = False
    requires_tls: bool = False
    suppresses: bool = False


def wanted_options(finding: Finding) -> SetOptions | None:
    """The options without which the finding would stay; None if it is not about options of a set, or is in doubt."""
    ref = finding.subject
    if not isinstance(ref, ConfigurationSetRef) or finding.unknown_reason is not None:
        return None
    match finding.rule_id:
        case "MW602":
            return SetOptions(ref=ref, sending_enabled=True)
        case "MW605":
            return SetOptions(ref=ref, requires_tls=True)
        case "MW702":
            return SetOptions(ref=ref, suppresses=True)
        case _:
            return None
