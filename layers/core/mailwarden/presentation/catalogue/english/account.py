"""The messages of the rules about the SES account that sends the mail: MW501 to MW504."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "MW501.sandbox": "{account} is in the sandbox, and {pool} sends through it",
    "MW501.why": "in the sandbox SES sends only to verified recipients, so customers receive nothing",
    "MW501.remediation": "Request production access for SES in {region}",
    "MW502.paused": "{account} is paused by AWS, and {pool} sends through it",
    "MW502.off": "{account} has sending switched off, and {pool} sends through it",
    "MW502.why": "SES accepts no mail from an account that is paused or has sending switched off",
    "MW502.remediation.paused": "Respond to the AWS Support case about the pause of SES in {region}",
    "MW502.remediation.off": (
        "Find out why sending was switched off, then run this command: `aws sesv2 --region {region} "
        "put-account-sending-attributes --sending-enabled`"
    ),
    "MW502.status-not-documented": "SES reports an enforcement status that AWS does not document",
    "MW503.under-review": "{account} is under review by AWS, and {pool} sends through it",
    "MW503.why": "AWS pauses an account whose problems are not solved during the review",
    "MW503.remediation": (
        "Respond to the AWS Support case about SES in {region}, and remove the cause of bounces and complaints"
    ),
    "MW504.nearly": (
        "{account} has used {share} of its sending quota ({sent} of {quota} mails in 24 hours), and {pool} sends "
        "through it"
    ),
    "MW504.used-up": (
        "{account} has used all of its sending quota ({sent} of {quota} mails in 24 hours), and {pool} sends through it"
    ),
    "MW504.why": "SES rejects every mail beyond the quota",
    "MW504.remediation": (
        "Request a higher sending quota for SES in {region}, and find out which applications use up the quota"
    ),
    "MW504.no-quota": "SES reports no 24-hour quota",
}
