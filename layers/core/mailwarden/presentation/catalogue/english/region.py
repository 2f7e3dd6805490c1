"""The messages of the rules about the SES region of the identity: MW201 to MW204."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "region.not-listed": "region table {version} does not list the region",
    "region.not-on-the-page": ("Cognito and SES are available in the region, but AWS's page does not list the region"),
    "region.partition-not-covered": (
        "Cognito and SES are available in the region, but AWS's page does not cover its partition"
    ),
    "MW201.not-allowed": "{pool} uses an identity in {ses_region}, which pools in {pool_region} may not use",
    "MW201.why": "Cognito does not send through an identity in that region, so the pool's mail is lost",
    "MW201.remediation": "Verify {identity} in {regions:and} and set SourceArn of the pool to {arn}",
    "MW201.set-source-arn": "Set SourceArn of the pool to {arn}, which is verified there",
    "MW201.set-is-regional": "configuration set {set} may not exist in the new region, because sets are regional",
    "MW201.no-candidates": "none checked",
    "MW201.candidate.verified": "{region}: verified",
    "MW201.candidate.not-verified": "{region}: not verified",
    "MW201.candidate.missing": "{region}: does not exist",
    "MW201.candidate.unreadable": "{region}: {refusal}",
    "MW202.not-known": (
        "{pool} uses an identity in {ses_region}, and it is not known whether pools in {pool_region} may use that "
        "region"
    ),
    "MW202.why": "AWS does not document whether Cognito sends through that region for this pool",
    "MW202.remediation": (
        "Send yourself a forgotten-password mail from the pool; if it arrives, add the row of {pool_region} to "
        "Mailwarden's settings"
    ),
    "MW202.no-region-listed": "the row of {pool_region} lists no SES region for this use",
    "MW202.provisional": "the row of {pool_region} is provisional; it lists {regions}",
    "MW202.newer-than-page": (
        "AWS's page lists {regions} and not {pool_region} itself, where SES may have become available after the page "
        "was written"
    ),
    "MW203.remote": "{pool} sends through SES region {ses_region} although it could use {pool_region}",
    "MW203.why": "the addresses of users leave the pool's region, and an outage of the other region stops mail here",
    "MW203.remediation": (
        "Verify {identity} in {pool_region} and set SourceArn of the pool to it, if you prefer the pool's own region"
    ),
    "MW204.one-of-two": (
        "{pool} uses an identity in SES region {ses_region} only, but the default sender splits its mail between "
        "{regions:and}"
    ),
    "MW204.why": "SES finds no identity for mail that leaves through the other region",
    "MW204.remediation": (
        "Verify {identity} in {regions:and}, let {principal} send in both, and set SourceArn of the pool to {arn}"
    ),
}
