"""Answers to people: a diagnosis of one address, and an address taken from the suppression list."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Plural, Template

TEXTS: Mapping[str, Template] = {
    "sender.custom-lambda": "a custom email sender Lambda receives every mail: {function}",
    "sender.no-source-arn": "EmailSendingAccount is DEVELOPER but SourceArn is not set",
    "sender.default": "the default sender of Cognito is in use, without an identity of this account",
    "sender.default-with-from": "the default sender of Cognito is in use, with a FROM of this account",
    "suppressed.bounce": "since {since}, because a mail to it bounced",
    "suppressed.complaint": "since {since}, because its owner marked a mail as spam",
    "suppressed.other": "since {since}, because SES gives the reason {reason}",
    "suppressed-entry": "{reason}, since {since}",
    "configuration-set.by-name": "the configuration set {name}",
    "address.list-unreadable": (
        "whether the address is on the suppression list of the SES account in {region} is unknown ({refusal})"
    ),
    "address.not-listed": "the address is not on the suppression list of the SES account in {region}",
    "address.effect-unknown": (
        "the address has been on the suppression list of the SES account in {region} {entry}; whether this affects "
        "this pool's mail is unknown ({refusal})"
    ),
    "address.not-sent": "SES in {region} accepts mail to this address and does not send it, {entry}",
    "address.sent-reason-off": (
        "the address has been on the suppression list of the SES account in {region} {entry}, but {by} switches "
        "suppression for {off} off, so SES sends the mail"
    ),
    "address.sent-suppression-off": (
        "the address has been on the suppression list of the SES account in {region} {entry}, but {by} switches "
        "suppression off, so SES sends the mail"
    ),
    "address.custom-sender": "{reason}; this path is not used, and what that function does is unknown",
    "address.no-identity": "the pool names no identity to send as: {reason}",
    "address.foreign-identity": "the pool names an identity of account {account}, not of this one",
    "address.list-of-cognito": (
        "{reason}; the mail leaves through an SES account of Cognito, whose suppression list cannot be read or cleared"
    ),
    "address.global-list": (
        "SES also has a global suppression list that cannot be queried: an address that bounced for any customer may "
        "be on it for up to 14 days"
    ),
    "diagnosis.last-check": (
        "unless a check just before the write forbids it (a deployment owns it, another actor reverts it, the budget "
        "is spent)"
    ),
    "diagnosis.same-refusal": "another finding reports the same refused read",
    "unsuppress.not-listed": "the address is not on the list; nothing was removed",
    "unsuppress.not-known": "the list could not be read, nothing was removed: {refusal}",
    "unsuppress.needs-consent": "the address has been on the list {entry}; nothing was removed yet: {lacks:semicolon}",
    "unsuppress.lacks.confirm": 'to remove it, repeat the order with "confirm": true',
    "unsuppress.lacks.although_complaint": (
        'its owner marked a mail as spam and does not want more: that also takes "although_complaint": true'
    ),
    "unsuppress.too-soon": (
        "the address was removed at {removed} (journal entry {entry_id}) and has been on the list again {entry}; an "
        "address that bounces again costs reputation, so it can be removed once in {days} days: next at {again}. "
        "Nothing was removed"
    ),
    "unsuppress.under-way": (
        "another removal of this address began a moment ago; nothing was removed. Try again in two minutes"
    ),
    "unsuppress.under-way-since": (
        "another removal of this address began at {since}; nothing was removed. Try again in two minutes"
    ),
    "unsuppress.carried-out": "{result} (it had been on the list {entry}; journal entry {entry_id})",
    "unsuppress.found-later": (
        "an earlier call did not end; its result: {result} (it had been on the list {entry}; journal entry {entry_id})"
    ),
    "unsuppress.removed": "the address was removed, and is no longer on the list",
    "unsuppress.drifted": "nothing was removed: {reason}",
    "unsuppress.refused": "the address was not removed: {reason}",
    "unsuppress.list-unreadable": (
        "the list could not be read, and Mailwarden removes nothing that it cannot read: {refusal}"
    ),
    "unsuppress.removed-by-another": "another actor removed the address from the list in the meantime",
    "unsuppress.another-entry": "the list now has another entry for the address: {entry}",
    "unsuppress.still-listed": "SES accepted the removal, but the address is on the list: {entry}",
    "unsuppress.not-verified": (
        "the removal was sent, but reading the list failed, so its effect is unknown: {refusal}"
    ),
    "unsuppress.throttled": "{refusal}; nothing was removed, try again in a moment",
    "unsuppress.denied": "{refusal}; the function's role, or a policy above it, does not allow it",
    "release.budget": Plural(
        one="this hour holds any number of repairs now; one waited for its budget",
        other="this hour holds any number of repairs now; {count} waited for its budget",
    ),
    "release.fights": Plural(
        one="one paused repair of pool {pool} was released", other="{count} paused repairs of pool {pool} were released"
    ),
    "switch.stop": "repairs are stopped until make start, across deployments, too",
    "switch.start": "repairs may run again",
    "unsuppress.call-died": "the earlier call did not end, and the entry is on the list as it was",
    "unsuppress.call-died-and-listed-again": (
        "the earlier call did not end; the address is on the list with another entry, of {since}: it may have been "
        "removed and listed again"
    ),
}
