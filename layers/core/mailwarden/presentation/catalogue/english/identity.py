"""The messages of the rules about the identity that a pool sends as: MW301 to MW305."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    # Verification statuses of SES.
    "ses-status.pending": "pending",
    "ses-status.success": "success",
    "ses-status.failed": "failed",
    "ses-status.temporary-failure": "temporary failure",
    "ses-status.not-started": "not started",
    "ses-status.unknown": "unknown",
    "MW301.missing": "{identity} does not exist, and {pool} sends as it",
    "MW301.why": "SES rejects mail from an identity that does not exist, so the pool's mail is lost",
    "MW301.remediation.lower-case": "Set SourceArn of the pool to {arn}; SES stores the domain in lower case",
    "MW301.remediation.parent": (
        "Set SourceArn of the pool to {arn} and From to {identity}; or create and verify {identity} in {region}"
    ),
    "MW301.remediation": (
        "Create and verify {identity} in SES region {region}, or set SourceArn of the pool to a verified identity"
    ),
    "MW302.not-verified": "{identity} is not verified ({status}), and {pool} sends as it",
    "MW302.failing": "{identity} is about to lose its verification, and {pool} sends as it",
    "MW302.why.not-verified": "SES rejects mail from an identity that is not verified",
    "MW302.why.failing": "SES no longer finds the DNS records of the identity and gives up after 72 hours",
    "MW302.remediation.address": (
        "Send the verification mail to {identity} again in SES region {region} and open its link"
    ),
    "MW302.remediation.domain": "Publish the DNS records that SES shows for {identity} in region {region}",
    "MW303.not-working": "DKIM of {identity} is not working ({status}), and {pool} sends as it",
    "MW303.off": "DKIM of {identity} is switched off, and {pool} sends as it",
    "MW303.status-not-documented": "SES reports a DKIM status that AWS does not document",
    "MW303.not-reported": "SES does not report whether it signs the mail",
    "MW303.why": "receivers may reject mail without a DKIM signature of its domain, or treat it as spam",
    "MW303.remediation.publish": "Publish the CNAME records that SES shows for {identity} in region {region}",
    "MW303.remediation.switch-on": "Switch on DKIM signing of {identity} in region {region}",
    "MW304.not-working": (
        "the MAIL FROM domain {domain} of {identity} is not working ({status}), and {pool} sends as it"
    ),
    "MW304.status-not-documented": "SES reports a MAIL FROM status that AWS does not document",
    "MW304.behavior-unknown": "SES reports a behavior on a missing MX record that AWS does not document",
    "MW304.why.rejects": "SES is configured to reject every mail while it cannot find the MX record of that domain",
    "MW304.why.falls-back": "SES falls back to amazonses.com, so SPF no longer covers the domain",
    "MW304.remediation": (
        "Publish the MX record that SES shows for {domain} in region {region}, or let SES fall back to its own MAIL "
        "FROM domain"
    ),
    "MW305.address": "{identity} is a single address, and {pool} sends as it",
    "MW305.why": "a verified address proves nothing about its domain, so receivers trust its mail less",
    "MW305.remediation": "Verify the domain {domain} in region {region} and send as it",
}
