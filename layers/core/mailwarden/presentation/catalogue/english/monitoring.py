"""What the rules about delivery failures and about Mailwarden's own monitoring say."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Plural, Template

TEXTS: Mapping[str, Template] = {
    "MW801.failures": Plural(
        one="Cognito reported once that it could not send a message for {pool}",
        other="Cognito reported {count} times that it could not send a message for {pool}",
    ),
    "MW801.why": "the message that a call asked for was not sent, and the user who waits for it cannot go on",
    "MW801.remediation": "See the other findings about this pool; if there are none, see its message delivery log",
    "MW802.reached": "{pool} sends from Cognito's default sender, which has sent all {limit} mails of the day",
    "MW802.why": (
        "Cognito rejects sign-ups and invitations or drops their mail until {reset}, in every pool of the account that "
        "uses the default sender"
    ),
    "MW802.remediation": (
        "Set EmailSendingAccount of the pool to DEVELOPER, with a verified identity as SourceArn, or wait until {reset}"
    ),
    "MW900.ordered": "{by} ordered this alert to test the channels",
    "MW900.why": "the other alerts of Mailwarden arrive where this one does",
    "MW900.remediation": "Nothing; if you handle alerts by program, leave out the rule MW900",
    "MW901.no-trail": "no trail delivers the calls of {services:and} made in {region}",
    "MW901.why": "Mailwarden notices a change that breaks mail with the next sweep only, not within seconds",
    "MW901.remediation": "Start a trail that records write management events of {region}, or create one",
    "MW901.none": "there is none",
    "MW901.unknown": (
        "Mailwarden could not determine whether a trail delivers the calls of {services:and} made in {region}"
    ),
    "MW901.unknown-why": (
        "without such a trail, Mailwarden notices a change that breaks mail with the next sweep only"
    ),
    "MW901.unknown-remediation": (
        "Let Mailwarden read the trails, or ask their owner whether they record all write management events"
    ),
    "MW902.unannounced": "the mail settings of {pool} changed and no event announced it",
    "MW902.why": "Mailwarden notices such a change with the next sweep only, not within seconds",
    "MW902.remediation": ("Check that a trail records this region and that the rules of Mailwarden are deployed there"),
    "MW903.fight": (
        "Mailwarden and another actor undo each other's change for {pool}: Mailwarden wrote {resource} {count} times, "
        "and it was undone each time, the last time {by}; Mailwarden writes again {goes_on}"
    ),
    "MW903.why": "while two actors undo each other, the pool's mail works some of the time only",
    "MW903.remediation": (
        "Add the change to the other actor's source, or make it leave the resource alone; then release the pause with "
        "`make release-fight POOL={pool}`"
    ),
    "MW904.not-in-effect": "the settings document {parameter} cannot be used: {problem}",
    "MW904.why": "your last change of the settings is not in effect, and Mailwarden repairs nothing",
    "MW904.remediation": "Correct the document; it takes effect within a minute",
    "MW904.no-version": "no version: Mailwarden reports everything and repairs nothing",
    "MW904.version": "version {version}, the last valid one, which repairs nothing until the document is valid",
    "MW905.unknown-members": "pools in {region} have members that the deployed SDK does not know",
    "MW905.why": "a write would reset them, so these pools are not repaired until the SDK is newer",
    "MW905.remediation": "Deploy a release with a newer SDK; until then repair these pools by hand",
    "MW909.waiting": Plural(
        one=(
            "one repair waits, because this hour's budget of {limit} repairs for the account is spent; it goes on "
            "after {at}"
        ),
        other=(
            "{count} repairs wait, because this hour's budget of {limit} repairs for the account is spent; they go on "
            "after {at}, {limit} an hour"
        ),
    ),
    "MW909.why": "the mail of these pools stays broken until their turn comes",
    "MW909.remediation": "If the repairs are right, run `make release-budget`; or deploy with a higher RepairsPerHour",
    "MW910.pools": "Mailwarden does not watch {regions:and}, and user pools exist there",
    "MW910.why": "the mail of these pools can stop without an alert",
    "MW910.remediation": (
        "Deploy with these regions in WatchedRegions, or turn MW910 off in the settings if the pools need no watch"
    ),
    "MW911.unwatched": "{pool} sends as {identity}, and Mailwarden does not watch {region}",
    "MW911.why": "no event reports changes of this identity and its account: only the next sweep finds them",
    "MW911.remediation": "Deploy with {region} in WatchedRegions, too",
    "monitoring.undecided": "the monitoring in {region} could not be checked for {rule}",
    "monitoring.undecided.why": "what the check would find is reported to nobody until it works again",
    "monitoring.undecided.remediation": "See the log of the function sweep; the check is repeated by itself",
    "monitoring.undecided.reason": "the check failed: {where}",
    "trail.one-region": "it records {region} only",
    "trail.stopped": "its logging is stopped",
    "trail.no-global-services": "it leaves out global services",
    "trail.leaves-out": "its event selectors leave out the writes of {sources:and}",
    "trail.takes-some": "its event selectors take some writes of {sources:and} only",
    "trail.unreadable": "could not be read ({refusal})",
    "trail.organization-unreadable": "it belongs to the organization and could not be read ({refusal})",
    "MW906.overlapped": "{actor} called {event} at {at}, while Mailwarden wrote {resource}",
    "MW906.why": (
        "AWS has no conditional write and dates calls to the second, so one write may have replaced the other"
    ),
    "MW906.why-unmeasured": (
        "it is unknown when Mailwarden's write took effect, and it may have replaced the other one"
    ),
    "MW906.remediation": "Check that the change of event {event_id} is live, and repeat the call if it is not",
    "MW906.remediation-members": (
        "Check that the change of event {event_id} is live ({members}), and repeat the call if it is not"
    ),
    "MW907.unreadable": "Mailwarden does not understand the tag with which the owner of {pool} exempts it",
    "MW907.why": "what cannot be read exempts the pool, so Mailwarden repairs nothing there until the tag is corrected",
    "MW907.remediation": "Correct the tag, or remove it",
    "MW912.ends": "the exemption of {pool} ends with {until}",
    "MW912.ends-today": "today is the last day of the exemption of {pool} ({until})",
    "MW912.why": "from the next day on Mailwarden alerts about the pool and repairs it again",
    "MW912.remediation": (
        "Check the pool with `make why POOL={pool_id}`; if the exemption is still needed, set a later day in the tag"
    ),
    "MW913.ends": "the exemption of {identity} ends with {until}",
    "MW913.ends-today": "today is the last day of the exemption of {identity} ({until})",
    "MW913.why": (
        "from the next day on Mailwarden adds grants to the identity and moves pools to and from it again, where "
        "consent and settings allow it"
    ),
    "MW913.remediation": (
        "If the exemption is still needed, set a later day in the tag; `make exemptions` lists every exemption"
    ),
    "MW908.unreadable": "Mailwarden does not understand a tag of {identity}",
    "MW908.why": (
        "a consent that cannot be read opens the identity to no pool, and an exemption that cannot be read stops "
        "repairs"
    ),
    "MW908.remediation": "Correct the tag, or remove it",
}
