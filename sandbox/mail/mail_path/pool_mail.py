"""How a pool wants its mail sent: its EmailConfiguration, read once for the chain."""

from dataclasses import dataclass
from typing import Self

from sandbox.mail import emulator
from sandbox.mail.mail_path import header
from sandbox.mail.mail_path.custom_sender import CustomSender
from sandbox.mail.mail_path.header import Header

DEFAULT_FROM = "no-reply@verificationemail.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolMail:
    """A pool and its EmailConfiguration, with the parts of SourceArn."""

    pool_id: str
    pool_arn: str
    region: str
    account: str
    developer: bool
    source_arn: str | None
    configured_from: str | None
    configured_reply_to: str | None
    configuration_set: str | None
    custom_sender: CustomSender | None
    link_without_domain: bool

    @classmethod
    def of(cls, pool: emulator.Json) -> Self:
        """Read a pool of the emulator's store."""
        configuration = pool.get("EmailConfiguration") or {}
        _, _, _, region, account, _ = pool["Arn"].split(":", 5)
        triggers = pool.get("LambdaConfig") or {}
        function = (triggers.get("CustomEmailSender") or {}).get("LambdaArn")
        return cls(
            pool_id=pool["Id"],
            pool_arn=pool["Arn"],
            region=region,
            account=account,
            developer=configuration.get("EmailSendingAccount") == "DEVELOPER",
            source_arn=configuration.get("SourceArn") or None,
            configured_from=configuration.get("From") or None,
            configured_reply_to=configuration.get("ReplyToEmailAddress") or None,
            configuration_set=configuration.get("ConfigurationSet") or None,
            custom_sender=CustomSender(function_arn=function, key=triggers.get("KMSKeyID")) if function else None,
            link_without_domain=_verifies_by_link(pool) and not (pool.get("Domain") or pool.get("CustomDomain")),
        )

    @property
    def handed_to(self) -> str | None:
        """The function that gets the mail."""
        return None if self.custom_sender is None else self.custom_sender.function_arn

    @property
    def names_an_identity(self) -> bool:
        """Whether SourceArn is an ARN of SES in the pool's partition; ``arn:aws:sesv2:`` names nothing."""
        return (self.source_arn or "").startswith(f"arn:{emulator.partition_of(self.region)}:ses:")

    @property
    def source_region(self) -> str:
        """The SES region in SourceArn, possibly ``*``."""
        return self._source_part(3)

    @property
    def source_account(self) -> str:
        """The account in SourceArn."""
        return self._source_part(4)

    @property
    def identity_name(self) -> str:
        """The identity in SourceArn."""
        return (self.source_arn or "").rpartition(":identity/")[2]

    @property
    def sender(self) -> str:
        """The FROM that a reader sees.

        The default sender never uses the From member: Cognito rejects the combination, and an address identity
        speaks for itself.
        """
        if self.source_arn is None:
            return DEFAULT_FROM
        address = self.identity_name if "@" in self.identity_name else ""
        return (self.configured_from or address) if self.developer else address

    @property
    def reply_to(self) -> str | None:
        """The REPLY-TO: as configured, else the address identity itself."""
        if self.configured_reply_to:
            return self.configured_reply_to
        return self.identity_name if "@" in self.identity_name else None

    @property
    def sender_header(self) -> Header:
        """The FROM as SES reads it."""
        return header.read(self.sender)

    @property
    def sender_address(self) -> str:
        """The bare address of the sender; empty where SES cannot read it."""
        return self.sender_header.address

    def _source_part(self, number: int) -> str:
        parts = (self.source_arn or "").split(":")
        return parts[number] if len(parts) > number else ""


def _verifies_by_link(pool: emulator.Json) -> bool:
    option = (pool.get("VerificationMessageTemplate") or {}).get("DefaultEmailOption")
    return option == "CONFIRM_WITH_LINK" and "email" in (pool.get("AutoVerifiedAttributes") or [])
