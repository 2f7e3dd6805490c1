"""Builders of policies and senders for the tests of ``mailwarden.policy``."""

from collections.abc import Mapping

from mailwarden.policy import (
    GLOBAL_PRINCIPAL,
    LEGACY_PRINCIPAL,
    Request,
    SendingCaller,
    cognito_service,
    service_linked_role,
)

ACCOUNT = "111122223333"
OTHER_ACCOUNT = "999988887777"
POOL = f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/us-east-1_EXAMPLE"
IDENTITY = f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/support@example.com"
REGIONAL_PRINCIPAL = "cognito-idp.me-central-1.amazonaws.com"


def statement(**elements: object) -> dict[str, object]:
    """The statement of Cognito's guide with *elements* in place of its own; None leaves one out."""
    documented: dict[str, object] = {
        "Sid": "stmnt1234567891234",
        "Effect": "Allow",
        "Principal": {"Service": [GLOBAL_PRINCIPAL]},
        "Action": ["SES:SendEmail", "SES:SendRawEmail"],
        "Resource": IDENTITY,
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": POOL},
        },
    }
    return {name: value for name, value in (documented | elements).items() if value is not None}


def policy(*statements: Mapping[str, object], version: object = "2012-10-17") -> dict[str, object]:
    """A document with *statements*, the documented one if there are none; no Version if it is None."""
    document: dict[str, object] = {"Statement": list(statements) or [statement()]}
    return document if version is None else {"Version": version, **document}


def cognito(**known: str | None) -> SendingCaller:
    """The documented pool, sending as Cognito."""
    call = {"principal": GLOBAL_PRINCIPAL, "pool_arn": POOL, "identity_arn": IDENTITY} | known
    return cognito_service(
        principal=call["principal"] or "",
        pool_arn=call["pool_arn"] or "",
        identity_arn=call["identity_arn"] or "",
        from_address=call.get("from_address"),
        from_display_name=call.get("from_display_name"),
    )


def role() -> SendingCaller:
    """The service-linked role of the documented account."""
    return service_linked_role(account=ACCOUNT, identity_arn=IDENTITY)


def request(sender: SendingCaller | None = None, action: str = "ses:SendEmail") -> Request:
    """One action of *sender*, by default of the documented pool."""
    return Request(sender=sender or cognito(), action=action)


def legacy() -> dict[str, object]:
    """SES's own example, which trusts the principal that Cognito's guide has left."""
    return policy(statement(Principal={"Service": LEGACY_PRINCIPAL}))
