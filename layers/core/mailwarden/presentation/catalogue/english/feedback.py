"""What the rules about feedback say: suppression, bounces, complaints, and notices of SES."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Plural, Template

TEXTS: Mapping[str, Template] = {
    "feedback.counts-each-time": ("mail to addresses that bounced or complained counts against the account each time"),
    "MW701.suppresses-nothing": "the SES account in {region} suppresses no address, and {pool} sends through it",
    "MW701.remediation": (
        "Where the account has ValidationAttributes, turn suppression on in the SES console: AWS does not document "
        "whether this command keeps them. Else run this command: "
        "`aws sesv2 --region {region} put-account-suppression-attributes --suppressed-reasons BOUNCE COMPLAINT`"
    ),
    "MW702.switches-off": "configuration set {set} in {region} switches suppression off, and {pool} sends with it",
    "MW702.remediation": (
        "Let the configuration set {set} in SES region {region} follow the account's suppression settings"
    ),
    "rates.may-pause": "from {pause} on AWS may pause the account, and then no pool sends through it",
    "rates.reviews": "from {review} on AWS reviews the account and may pause it at {pause}",
    "rates.will-review": "AWS reviews an account from {review} on and may pause it at {pause}",
    "rates.no-figures-since": "there are no figures since {at}",
    "MW703.high": (
        "the SES account in {region} has a bounce rate of {rate}, with {number} bounces of {sends} mails in {window}, "
        "and {pool} sends through it"
    ),
    "MW703.remediation": (
        "Find out which app sends to addresses that do not exist (MW706, SES console in {region}), and have addresses "
        "checked before a code is sent to them"
    ),
    "MW704.high": (
        "the SES account in {region} has a complaint rate of {rate}, with {number} complaints about {sends} mails in "
        "{window}, and {pool} sends through it"
    ),
    "MW704.remediation": (
        "Find out which app sends unrequested mail (SES console in {region}), and limit how often one address is sent "
        "a code"
    ),
    "MW705.growing": Plural(
        one=(
            "1 address was added to the suppression list of the SES account in {region} on {day}, and {pool} sends "
            "through it"
        ),
        other=(
            "{count} addresses were added to the suppression list of the SES account in {region} on {day}, and {pool} "
            "sends through it"
        ),
    ),
    "MW705.why": (
        "SES accepts mail to these addresses and does not send it: their owners get no codes, and no error shows it"
    ),
    "MW705.remediation": (
        "Find out why mail bounces (SES console in {region}, MW703, MW706), and remove addresses from the list only "
        "when the reason is gone"
    ),
    "MW705.not-counted-yet": "not counted yet",
    "MW706.both": (
        "at least {bounced} of the mail sent by {pool} bounced, and at least {complained} was reported as spam, in the "
        "last {window}"
    ),
    "MW706.bounced": "at least {bounced} of the mail sent by {pool} bounced in the last {window}",
    "MW706.complained": "at least {complained} of the mail sent by {pool} was reported as spam in the last {window}",
    "MW706.why": "its bounces and complaints count for the whole SES account, which AWS pauses for all pools at once",
    "MW706.remediation": ("Have this app check addresses before a code is sent to them, and protect its sign-up form"),
    "MW706.window": "{window}, without the last hour",
    "MW706.sent-at-most": "{number}, as many as {whose} sent",
    "MW706.its-set": "its configuration set",
    "MW706.its-account": "its SES account",
    "MW707.stopped": (
        "SES reports that it stopped the sending of {about} in {region}, and {pool} sends through that account"
    ),
    "MW707.advises": "SES advises a change of {about} in {region}, and {pool} sends through that account",
    "MW707.unnamed": "a resource that it does not name",
    "MW707.why-stopped": (
        "SES stopped a resource that the pool's mail may pass through, and no call of its API shows it"
    ),
    "MW707.why-advice": "SES advises before it acts, and acts on the whole account",
    "MW707.remediation": "Follow the advice in the SES console in {region}, and answer an open AWS Support case",
    "MW707.notice": "{at} {kind}: {about}: {text}",
    "MW707.no-text": "no text",
    "ses-notice.sending-disabled": "sending disabled",
    "ses-notice.recommendation": "recommendation",
    "ses-resource.identity": "identity {name}",
    "ses-resource.configuration-set": "configuration set {name}",
    "ses-resource.tenant": "tenant {name}",
}
