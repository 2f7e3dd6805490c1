"""How sentences call the things they are about, the same way everywhere."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

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
    "unreadable": "{code}: {action} in {region}",
}
