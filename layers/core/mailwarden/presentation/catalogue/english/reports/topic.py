"""Reports that are sent to the topic by the calendar."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Plural, Template

TEXTS: Mapping[str, Template] = {
    "report.weekly.subject": "Mailwarden, week {period}: {lost} pools cannot send mail",
    "report.weekly.pools": (
        "Of {pools} user pools {yes} can send mail, {at_risk} can and are at risk, {no} cannot, and {unknown} are "
        "unknown."
    ),
    "report.unread": Plural(
        one="The last inspection of one pool could not be read.",
        other="The last inspection of {count} pools could not be read.",
    ),
    "report.weekly.hurt": "Not plainly able to send (`make why POOL=...` explains each):",
    "report.weekly.pool": "{pool}: {verdict}; {rules}",
    "report.weekly.tagged": "{pool}, {tags}",
    "report.weekly.exempt": "Exempt from repairs, and with `off` from alerts, by a tag (`make exemptions`):",
    "report.weekly.exemption": "{subject}, {end}: {verdict}; {rules}",
    "report.weekly.more-pools": "and {count} more: `make pools`",
    "report.weekly.more-exemptions": "and {count} more: `make exemptions`",
    "report.pool": "{name} ({id})",
    "report.rules": "findings {rules}",
    "report.no-rules": "no findings",
    "report.verdict.yes": "can send",
    "report.verdict.at-risk": "can send, at risk",
    "report.verdict.no": "cannot send",
    "report.verdict.unknown": "unknown",
    "report.exemption.unreadable": "with a tag that cannot be read",
    "report.exemption.without-end": "{word} without an end",
    "report.exemption.last-day": "{word} until today",
    "report.exemption.until": "{word} until {until}",
    "report.shadow.subject": "Mailwarden: {count} repairs were held back since {since}",
    "report.shadow.title": "Since {since} {count} due while RepairMode was off; `safe` would have written {would}.",
    "report.shadow.mode": "RepairMode is {mode} now.",
    "report.fixes": Plural(one="one fix was", other="{count} fixes were"),
    "report.shadow.right": "{count}: another actor made the same change, typically after {median}",
    "report.shadow.different": "{count}: another actor made another change, typically after {median}; compare them",
    "report.shadow.needless": "{count}: the problem passed by itself, typically after {median}",
    "report.shadow.waiting": "{count}: nothing was done yet, typically for {median}",
    "report.shadow.withheld": "{count}: `safe` would not have written either",
    "report.shadow.unknown": "{count}: the pool was deleted or RepairMode changed, typically after {median}",
    "report.shadow.more": "`make shadow-report` shows each case, and asks CloudFormation for the owner of each pool.",
}
