"""Answers to people: a diagnosis of one address, an undo, a pool's sender, and an address taken from a list."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Plural, Template

TEXTS: Mapping[str, Template] = {
    "sender.custom-lambda": "a custom email sender Lambda receives every mail: {function}",
    "sender.no-source-arn": "EmailSendingAccount is DEVELOPER but SourceArn is not set",
    "sender.no-identity-name": "SourceArn names no identity that SES can have",
    "sender.unknown-mode": "EmailSendingAccount has a value that this version does not know",
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
    "undo.unknown-entry": "the journal has no entry with this id",
    "undo.other-account": "the entry is about account {account}",
    "undo.role": "the creation of a service-linked role has no undo: AWS deletes it only when no user pool uses it",
    "undo.suppression": (
        "the removal of an address from a suppression list has no undo: to put it back, use "
        "`aws sesv2 put-suppressed-destination`"
    ),
    "undo.is-an-undo": (
        "the entry is itself an undo, of {entry_id}: to go back to the repair, change the configuration yourself"
    ),
    "undo.open": "the outcome of this write is not known yet; the next write to the resource determines it",
    "undo.not-written": "the entry is not about a completed write: {reason}",
    "undo.already": "the entry is undone already, by entry {entry_id}",
    "undo.too-old": "the entry is older than {days} days",
    "undo.unreadable": "what is live could not be read, and Mailwarden writes nothing that it cannot read: {refusal}",
    "undo.pool-gone": "the user pool was deleted",
    "undo.identity-gone": "the identity was deleted",
    "undo.configuration-changed": (
        "the pool's EmailConfiguration is not the one that this entry wrote: it was changed since"
    ),
    "undo.risk-changed": "the pool's risk configuration is not the one that this entry wrote: it was changed since",
    "undo.policy-edited": "{policies:and} was edited since, and Mailwarden does not change what another actor edited",
    "undo.granted-again": "what this entry granted was granted again by {entries:and}: undo that entry",
    "undo.nothing-left": "nothing that this entry granted is left in the identity's policies",
    "undo.not-judged": "{pool} cannot be judged, and an undo must not make its mail worse",
    "undo.worse": "the rules judge the former configuration worse: before the undo {now}, after it {after}",
    "undo.worse-finding": "the rules judge the former configuration worse: {finding} ({rule})",
    "undo.not-concluded": ("an earlier write to this resource has no known result yet; try again in two minutes"),
    "undo.busy": "another process writes to this resource; try again in a moment",
    "undo.pools-busy": "the user pool could not be inspected without interference; try again in a moment",
    "undo.refused": "nothing was undone: {reason}",
    "undo.planned": "nothing was written yet; to undo the entry, confirm it",
    "undo.done": (
        "the entry was undone, and a second read confirms it; Mailwarden does not make the repair again until the "
        "configuration changes"
    ),
    "undo.failed": "nothing was undone: {reason}",
    "undo.not-certain": "whether the entry was undone is not certain: {reason}",
    "undo.found-later": "an earlier call did not end; its result: {result}",
    "order.undo": "Undo: {title} (reason: {reason})",
    "order.undo-without-reason": "Undo: {title}",
    "order.set-sender": "Set the sender of a user pool, on an operator's order (reason: {reason})",
    "order.set-sender-without-reason": "Set the sender of a user pool, on an operator's order",
    "order.restore": "Restore the last known good sender of a user pool, on an operator's order (reason: {reason})",
    "order.restore-without-reason": "Restore the last known good sender of a user pool, on an operator's order",
    "order.restore-notices": (
        "Restore the last known sender of threat-protection notices of a user pool, on an operator's order "
        "(reason: {reason})"
    ),
    "order.restore-notices-without-reason": (
        "Restore the last known sender of threat-protection notices of a user pool, on an operator's order"
    ),
    "restore.only-notices-lost": (
        "the pool lost nothing of its last known good sender; the sender of its threat-protection notices was lost: "
        "`make restore POOL={id} NOTICES=yes`"
    ),
    "restore.no-notices-lost": "threat protection did not lose the sender of its notices",
    "restore.notices-not-known": (
        "the former risk configuration is not known in full: it was last seen by an earlier version, it is larger than "
        "100,000 bytes, or it has members that this SDK does not know. Set it in the console or in its source"
    ),
    "restore.notices-doubt": "AWS may not send the notices from the restored sender: see {rule}",
    "restore.nothing-lost": "the pool lost nothing of its last known good sender",
    "restore.accepted": "the sender that the pool has is the expected one from now on; nothing was written to the pool",
    "set-sender.refused": "nothing was written: {reason}",
    "set-sender.unchanged": "the pool has this sender already: nothing was written",
    "set-sender.planned": "nothing was written yet; nothing but the settings below would change",
    "set-sender.written": "the sender was set, and a second read confirms it; nothing but the settings below changed",
    "set-sender.not-certain": "whether the sender was set is not certain: {reason}",
    "set-sender.no-pool": "user pool {pool} does not exist in {regions:or}",
    "set-sender.other-name": "user pool {pool} does not have the name {wanted} any more: name the pool by its id",
    "set-sender.unreadable": (
        "the user pool could not be read, and Mailwarden writes nothing that it cannot read: {refusals:semicolon}"
    ),
    "set-sender.no-row": (
        "which SES regions a user pool in {region} may use is not known: give the identity as an ARN, which names its "
        "region"
    ),
    "set-sender.no-identity": (
        "identity {identity} does not exist in an SES region that the pool may use ({regions:or}). Where only the "
        "domain of an address is verified, name the domain as the identity and the address as FROM"
    ),
    "set-sender.identity-unreadable": "whether identity {identity} exists could not be read: {refusal}",
    "set-sender.unwatched": (
        "pool {pool} may be in {regions:or}, which is not in WatchedRegions: Mailwarden neither reads nor writes there"
    ),
    "set-sender.unknown-mode": (
        "EmailSendingAccount of the pool has a value that this version does not know: name an identity, too"
    ),
    "set-sender.from-with-default": (
        "Cognito accepts a FROM only for a pool that sends through SES: name an identity, too"
    ),
    "set-sender.set-with-default": (
        "Cognito uses a configuration set only for a pool that sends through SES: name an identity, too"
    ),
    "set-sender.mail-factor": (
        "the pool may not use the default sender of Cognito: its sign-in needs {factor}, and AWS requires an SES "
        "identity of your own for that"
    ),
    "set-sender.mail-factor-unknown": (
        "the pool may not use the default sender of Cognito if its sign-in needs email as a second factor, and that "
        "could not be read: {refusal}"
    ),
    "set-sender.loses-mail": (
        "with it, the pool could not be sure to send mail: now {now}, afterwards {after}. The findings below name the "
        "cause; remove it first"
    ),
    "set-sender.worse": "the rules judge the new sender worse: now {now}, afterwards {after}",
    "set-sender.worse-finding": "the rules judge the new sender worse: {finding} ({rule})",
    "set-sender.needs-consent": "{reason}. To write it anyway, add ALTHOUGH_WORSE=yes",
    "set-sender.still-broken": "the pool cannot send mail now, and it is not certain to send afterwards: {after}",
    "set-sender.default-limit": (
        "the default sender of Cognito accepts {limit} mails a day for all pools of the account together, sends as "
        "no-reply@verificationemail.com, and does not guarantee texts of your own"
    ),
    "set-sender.owned": (
        "owner of the pool: {owner}. Set the sender in its source too, or a deployment sets the old one again"
    ),
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
        one="the account's budget does not limit repairs this hour; each pool's still does. One repair waited",
        other="the account's budget does not limit repairs this hour; each pool's still does. {count} repairs waited",
    ),
    "release.fights": Plural(
        one="one paused repair of pool {pool} was released", other="{count} paused repairs of pool {pool} were released"
    ),
    "release.busy": "a repair of pool {pool} is under way; nothing was released. Try again in two minutes",
    "switch.stop": "repairs are stopped until `make start`, across deployments, too",
    "switch.start": "repairs may run again",
    "history.cut": "only the latest {shown} of {count} events are shown: ask for a shorter time, or see `make journal`",
    "history.more-entries": "the journal has more entries about this pool: see `make journal`",
    "history.no-look": "there is no record of an inspection of this pool: it was deleted, or never inspected",
    "history.findings": (
        "findings that ended expire after 90 days, and of a finding that returned only its last occurrence is stored"
    ),
    "history.shared": (
        "which pools an ended finding affected is not stored if it is about something that several pools use"
    ),
    "history.consents": (
        "a consent by a tag of the identity is read at each inspection and not stored: see `make why POOL=…`"
    ),
    "history.calls": "calls are stored with the findings and the sender that they explain; CloudTrail has all others",
    "sample.topic": "the alerts topic",
    "sample.chat": "the queue of Slack",
    "sample.bus": "the event bus",
    "sample.amazon-q": "the topic of Amazon Q Developer",
    "sample.security-hub": "Security Hub",
    "sample.sent": "the sample alert was sent to {channels:and}",
    "sample.not-sent": "the sample alert was not sent: {failures:semicolon}",
    "sample.partly-sent": "the sample alert was sent to {channels:and} only: {failures:semicolon}",
    "sample.failed": "{channel} failed ({error})",
    "switch.no-stop": "no operator stopped repairs",
    "unsuppress.call-died": "the earlier call did not end, and the entry is on the list as it was",
    "unsuppress.call-died-and-listed-again": (
        "the earlier call did not end; the address is on the list with another entry, of {since}: it may have been "
        "removed and listed again"
    ),
}
