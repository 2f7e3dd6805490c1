"""How sentences call the things they are about, the same way everywhere."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Plural, Template

TEXTS: Mapping[str, Template] = {
    # A text that comes from outside, such as an error of AWS.
    "verbatim": "{text}",
    # Several sentences in a row.
    "sentences": "{sentences:semicolon}",
    "pool": "pool {name} ({id})",
    "pool.by-id": "pool {id}",
    "identity": "identity {name} in {region}",
    "identity.every-region": "identity {name} in every region",
    "ses-region": "SES region {region}",
    "ses-region.every": "every SES region (ses:*)",
    "configuration-set": "configuration set {name} in {region}",
    "ses-account": "the SES account in {region}",
    "monitoring": "Mailwarden's monitoring of {region}",
    "words.and": "{values:and}",
    "words.and-more": "{shown} and {more} more",
    "words.several-and-more": "{shown:semicolon}; and {more} more",
    "words.none": "none",
    "words.unknown": "unknown",
    "words.unknown-yet": "unknown yet",
    "words.days": Plural(one="1 day", other="{count} days"),
    "unreadable": "{code}: {action} in {region}",
    # Values of what was observed.
    "words.yes": "yes",
    "words.no": "no",
    "words.on": "on",
    "words.off": "off",
    "words.absent": "absent",
    "words.not-reported": "not reported",
}
