"""The messages of the rules about the configuration set that a pool sends with: MW601 to MW606."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "MW601.missing": "{set} does not exist, and {pool} sends with it",
    "MW601.why": "SES rejects mail with a configuration set that does not exist, so the pool's mail is lost",
    "MW601.remediation": "Create the configuration set {name} in SES region {region}, or name one that exists",
    "MW601.remediation.no-name": (
        "Name a configuration set of SES region {region} without spaces and other signs that no set has in its name"
    ),
    "MW601.named-by.pool": "the pool",
    "MW601.named-by.identity": "the identity, as its default",
    "MW602.disabled": "sending is disabled for {set}, and {pool} sends with it",
    "MW602.why": "SES rejects every mail with a configuration set for which sending is disabled",
    "MW602.remediation": (
        "Find out why sending was disabled for {name}, then run this command: `aws sesv2 --region {region} "
        "put-configuration-set-sending-options --sending-enabled --configuration-set-name {name}`"
    ),
    "MW603.without": "{pool} sends as {identity} without a configuration set",
    "MW603.why.mailed": (
        "SES reports bounces and complaints only by mail to the sender's address, and nothing counts them"
    ),
    "MW603.why.not-mailed": "SES does not report bounces and complaints, not even by mail to the sender's address",
    "MW603.remediation": (
        "Assign a default configuration set with an event destination to {identity} in SES region {region}"
    ),
    "MW604.no-destination": "{set} has no destination for {events:and}, and {pool} sends with it",
    "MW604.why": "no event reports {events:and}, and AWS reviews an account that has too many of them",
    "MW604.remediation": (
        "Add an event destination to the configuration set {name} in SES region {region} that takes {events:and}"
    ),
    "MW604.events-unknown": "SES reports event types that AWS does not document",
    "MW604.bounces": "bounces",
    "MW604.complaints": "complaints",
    "MW604.destination": "{name}: {events}",
    "MW604.destination.disabled": "{name}: {events} (disabled)",
    "MW604.destination.no-events": "{name}: no events",
    "MW605.optional": "{set} does not require TLS, and {pool} sends with it",
    "MW605.policy-unknown": "SES reports a TLS policy that AWS does not document",
    "MW605.why": "SES delivers mail unencrypted to receivers that do not support TLS",
    "MW605.remediation": (
        "Set the TLS policy of {name} in SES region {region} to REQUIRE, if every receiver of your users supports TLS"
    ),
    "MW606.missing": "{set} sends through the dedicated IP pool {name}, which does not exist, and {pool} sends with it",
    "MW606.why": "SES sends mail of a configuration set from the addresses of its dedicated IP pool",
    "MW606.unknown": "AWS does not document what SES does with mail of a set whose IP pool does not exist",
    "MW606.remediation": (
        "Choose another sending IP pool for the configuration set {set} in SES region {region}, or create the IP pool "
        "{name} again"
    ),
}
