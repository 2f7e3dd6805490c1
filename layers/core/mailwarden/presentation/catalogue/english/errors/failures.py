"""Failures of a step that is tried again, as an operator may see them."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "unreadable.about": "{code} ({about})",
    "suppression.interrupted": "the listing was interrupted: SES no longer accepts the token of its next page",
    "pool.region-not-watched": "{region} is not watched",
    "pool.id-elsewhere": "a pool of this id is in {region}",
    "pool.members-not-accepted": "UpdateUserPool does not accept {members}",
    "pool.no-newer-form": "{member} has no newer form in this pool",
    "pool.texts-differ": "{older} and {newer} differ",
    "item.contended": "{item} was changed by others {attempts} times during the write",
    "journal.no-intention": "entry {entry_id} has no intention",
    "journal.already-there": "{part} of entry {entry_id} is there already",
    "journal.concluded-otherwise": "entry {entry_id} has an outcome, and it is not {kind}",
    "entry.open-unread": "entry {entry_id} stays open: {refusal}",
    "entry.open-not-visible": "entry {entry_id} stays open: the write may not be visible yet",
    "queue.refused": "{refused} of {sent} messages were refused: {code}",
    "queue.not-taken": "{left} of {sent} messages were not taken in {attempts} attempts",
    "channel.refused": "{service} refused the alert: {reason}",
    "channel.not-taken": "{service} did not take the alert: {reason}",
    "channel.rests": "{channel} failed a moment ago ({reason}) and is tried again within a minute",
    "channel.given-up": "{channel} refused message {version} about incident {incident_id} too often: {reason}",
    "bus.missing": "event bus {bus} does not exist",
    "ses.turn": "SES in {region} is read at {turn}",
    "webhook.status": "status {status}",
    "webhook.word": "status {status}, {word}",
    "webhook.redirects": "{answer}: it is a redirect, and Mailwarden does not follow it",
    "webhook.no-url": "the address of the webhook has characters that no URL has",
    "webhook.not-reached": "{origin} could not be reached: {error}",
    "webhook.no-origin": "the origin of the webhook is not allowed: not one of http or https",
    "webhook.origin-not-allowed": "the origin of the webhook is not allowed: {origin}",
    "webhook.secret-not-read": "the secret of the webhook could not be read: {code}",
    "webhook.secret-empty": "the secret of the webhook is empty or binary",
    "webhook.secret-not-json": "the secret of the webhook looks like JSON and is not",
    "webhook.secret-without-url": "the secret of the webhook is a JSON object without the text url",
}
