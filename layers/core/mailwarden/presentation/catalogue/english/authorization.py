"""What the rules about sending authorization say."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Plural, Template

TEXTS: Mapping[str, Template] = {
    "grant.denied": "{statements:semicolon} explicitly denies it",
    "grant.denied-service": "{statements:semicolon} explicitly denies it, and Cognito may send as it",
    "grant.may-deny": "{statement} may deny it: {reasons:semicolon}",
    "grant.principal-unknown": "the principal that Cognito sends as is not known: {reason}",
    "grant.principal-provisional": (
        "the principal that Cognito sends as is not known: the row of {region} is provisional"
    ),
    "grant.principal-undocumented": (
        "the principal that Cognito sends as is not known: the page lists {listed} for {pool_region}, and whether it "
        "accepts {ses_region} by now is not documented"
    ),
    "grant.region-not-known": "pools in {pool_region} are not known to send through {ses_region}",
    "grant.identity-not-verified": "SES accepts policies only for verified identities",
    "grant.exists": "Mailwarden's policy that grants it exists already",
    "grant.attach": "Attach to {identity} in SES region {region} this sending policy: {policy}",
    "grant.attach-described": (
        "Attach to {identity} in SES region {region} this sending policy: that lets {principal} send for {pool}"
    ),
    "grant.ask-the-table": "Decide first whether pools in {region} may use that SES region, as MW202 says",
    "sparing.replace": (
        "Replace {statement} of {identity} in SES region {region} by this statement, which spares this pool's mail: "
        "{replacement}"
    ),
    "sparing.add": (
        "Add to the Condition of {statement} of {identity} in SES region {region}, beside the values that are there, "
        "what spares this pool's mail: {condition}"
    ),
    "sparing.correct": "Correct or remove {statement} of {identity} in SES region {region}, which cannot be read",
    "advice.further": Plural(
        one="then look again: one more step follows", other="then look again: {count} more steps follow"
    ),
    "consent.given": "given: {by}",
    "consent.not-given": "not given: {reason}",
    "by-region": "{regions:and}: {value}",
    "MW401.found": "{identity} has no sending policy that lets {pool} send",
    "MW401.why": "SES refuses mail that no policy of the identity allows, and Cognito reports success all the same",
    "MW402.found": "a sending policy of {identity} explicitly denies {pool}",
    "MW402.why": "an explicit Deny wins over every Allow, so SES refuses the mail",
    "MW403.found": "{identity} trusts {trusted:and} for {pool}, which sends as {needed}",
    "MW403.why": (
        "Cognito calls SES as another principal than the policy names, so SES refuses the mail without a visible error"
    ),
    "MW404.open": "{identity} is open to the user pools of every AWS customer: its policy trusts {principal}",
    "MW404.may-be-open": (
        "{identity} may be open to the user pools of every AWS customer: its policy trusts {principal}"
    ),
    "MW404.why": "Cognito is one service for all customers, and the statement does not say whose pools it may act for",
    "MW404.replace": "Replace {statement} by this statement: {replacement}",
    "MW404.add-conditions": "Add the conditions aws:SourceAccount {account} and aws:SourceArn to {statement}",
    "MW405.everybody": "everybody",
    "MW405.open": "{identity} lets {whom} send as it",
    "MW405.may-be-open": "{identity} may let {whom} send as it",
    "MW405.why": "each principal that a policy allows sends mail in the name of the identity's owner",
    "MW405.remediation": "Take {whom} out of {statement}, unless they are meant to send as {identity}",
    "MW406.gone": "{identity} has sending policies for user pools that are gone: {pools}",
    "MW406.why": "leftover statements take the room of the policies that the next pools need",
    "MW406.unsure": "{identity} has sending policies for user pools that may not exist: {pools}",
    "MW406.unsure-why": "leftover statements of deleted pools take the room of the policies that the next pools need",
    "MW406.unsure-remediation": "Check whether these pools still exist, and remove those that do not from the policies",
    "MW406.steps": "Clean up: {steps:then}",
    "MW406.delete-policies": "delete {policies}",
    "MW406.delete-statements": "delete {statements:semicolon}",
    "MW406.take-out": "take the pools out of {statements:semicolon}",
    "MW406.replace": "replace {statement} by this statement: {replacement}",
    "MW406.reason": "{pool} ({reason})",
    "MW407.found": "whether the sending policies of {identity} let {pool} send cannot be decided",
    "MW407.why": "the answer depends on a value in Cognito's calls to SES that AWS does not document",
    "MW408.found": "the sending policies of {identity} do not allow {pool} both ses:SendEmail and ses:SendRawEmail",
    "MW408.why": "Cognito is documented to need both actions, and SES refuses a mail whose action is not allowed",
    "MW409.missing": "{pool} sends through your own SES (DEVELOPER), and the role {role} does not exist",
    "MW409.why": "Cognito sends the mail of DEVELOPER pools as that role, so every send fails",
    "MW409.remediation": "Run this command: `aws iam create-service-linked-role --aws-service-name {service}`",
    "MW410.number": "{number} of {most} sending policies",
    "MW410.few-left": "{identity} has {number}",
    "MW410.full": "{identity} has policies that are nearly {bytes} bytes long: {policies}",
    "MW410.why-few": (
        "SES accepts no more policies, and Mailwarden leaves the last {left} to the identity's owner, so the next pool "
        "could not be granted"
    ),
    "MW410.why": "SES accepts no more policies and no longer ones, so the next pool could not be granted",
    "MW410.remediation": (
        "Join the sending policies of {identity} in SES region {region} into fewer, and delete those of deleted pools"
    ),
}
