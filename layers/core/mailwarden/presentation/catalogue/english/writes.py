"""Why a write was refused, came too late, or had an effect it should not have had."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "write.pool-not-expressible": "UpdateUserPool cannot express the pool as it is: {problem}",
    "write.also-changed": "after the write, these members are not as they should be: {members}",
    "write.not-verified": "AWS accepted the write, but reading the result failed, so its effect is unknown: {code}",
    "write.not-visible": "AWS accepted the write, but reads do not show it yet; a later look compares again",
    "write.pool-of-another-account": "the pool is in account {account}",
    "write.no-change": "the change has no effect",
    "write.unknown-mode": "this version does not know the EmailSendingAccount that would be written",
    "write.from-on-default-sender": "Cognito does not accept a From with COGNITO_DEFAULT",
    "write.no-source-arn": "DEVELOPER needs a SourceArn",
    "write.bound-to-a-key": ("the pool is bound to a KMS key ({members}); Mailwarden does not write such pools"),
    "write.email-mfa": "the pool sends MFA codes by email, which COGNITO_DEFAULT does not support",
    "write.pool-not-valid": "the SDK does not accept the pool as it was read: {error}",
    "write.refused": "AWS refused {action}: {error}",
    "write.refused-by-aws": "AWS refused: {error}",
    "write.pool-gone": "the pool was deleted",
    "write.email-moved": "EmailConfiguration changed in the meantime: {members}",
    "write.risk-moved": "the risk configuration changed in the meantime: {members}",
    "write.risk-not-valid": "the SDK does not accept the risk configuration: {error}",
    "write.pool-moved": "the pool changed between two reads: {members}",
    "write.pool-written": "another actor wrote to the pool between two reads",
    "write.no-response": "AWS did not respond to the write, and whether it took effect is unknown: {reason}",
    "write.email-not-understood": "the pool's EmailConfiguration is not valid: {error}",
    "write.unknown-members": (
        "the pool has members that this version of the SDK does not know and would reset: {members}"
    ),
    "change.too-large": (
        "the journal cannot keep this change with its way back, so a person has to make it: it has {size} bytes, and "
        "the journal keeps at most {limit}"
    ),
    "change.not-a-text": (
        "the journal cannot keep this change with its way back, so a person has to make it: a text in it is not valid "
        "Unicode"
    ),
    "write.read-refused": "{action} was refused, and Mailwarden writes nothing that it cannot read: {error}",
    "write.policies-moved": "these policies changed in the meantime: {policies}",
    "write.out-of-time": "there was no time for the others",
    "write.partly": "only {policies} was written; {reason}",
    "write.policies-wrong": "after the write, these policies are not as they should be: {policies}",
    "write.identity-of-another-account": "the identity is in account {account}",
    "write.other-policies": "the change does not name the same policies before and after",
    "write.foreign-policies": "these policies do not belong to Mailwarden: {policies}",
    "write.identity-moved": "the identity or its policies changed in the meantime: {error}",
    "write.role-of-another-account": "the role belongs to account {account}",
    "write.role-exists": "{role} exists already",
}
