"""The one store in the clothes of the emulator's two, for the parts of it that look into them directly.

CloudFormation's ``AWS::SES::EmailIdentity``, templated sends and tenants read and write the emulator's dictionaries
of identities. These views give them the identities of the current account and region.
"""

from collections.abc import Iterator, MutableMapping

from sandbox.mail import emulator
from sandbox.mail.ses.store import Identity, realm
from sandbox.mail.ses.v2.identities import describe
from sandbox.mail.ses.v2.rest_call import tag_map


class _View(MutableMapping[str, emulator.Json]):
    """Identities by name; subclasses define the form of a record."""

    def __getitem__(self, name: str) -> emulator.Json:
        identity = realm().identity(name)
        if identity is None:
            raise KeyError(name)
        return self._record(identity)

    def __setitem__(self, name: str, record: emulator.Json) -> None:
        self._write(realm().add(name), record)

    def __delitem__(self, name: str) -> None:
        identity = realm().identity(name)
        if identity is None:
            raise KeyError(name)
        del realm().identities[identity.name]

    def __iter__(self) -> Iterator[str]:
        return iter(list(realm().identities))

    def __len__(self) -> int:
        return len(realm().identities)

    def _record(self, identity: Identity) -> emulator.Json:
        raise NotImplementedError

    def _write(self, identity: Identity, record: emulator.Json) -> None:
        raise NotImplementedError


class V1View(_View):
    """Records as the emulator's SES v1 keeps them."""

    def _record(self, identity: Identity) -> emulator.Json:
        return {
            "VerificationStatus": "Success" if identity.usable else "Pending",
            "Type": "EmailAddress" if identity.kind == "EMAIL_ADDRESS" else "Domain",
            "DkimEnabled": identity.dkim_signing_enabled,
            "DkimTokens": identity.dkim_tokens,
            "NotificationTopics": identity.topics,
            "FeedbackForwardingEnabled": identity.feedback_forwarding,
        }

    def _write(self, identity: Identity, record: emulator.Json) -> None:
        identity.feedback_forwarding = bool(record.get("FeedbackForwardingEnabled", True))


class V2View(_View):
    """Records as the emulator's SES v2 keeps them."""

    def _record(self, identity: Identity) -> emulator.Json:
        return {"EmailIdentity": identity.name} | describe(identity)

    def _write(self, identity: Identity, record: emulator.Json) -> None:
        mail_from = record.get("MailFromAttributes") or {}
        identity.mail_from_domain = mail_from.get("MailFromDomain") or None
        identity.mail_from_on_failure = mail_from.get("BehaviorOnMxFailure", "USE_DEFAULT_VALUE")
        identity.configuration_set = record.get("ConfigurationSetName") or None
        identity.dkim_signing_enabled = bool((record.get("DkimAttributes") or {}).get("SigningEnabled"))
        identity.feedback_forwarding = bool(record.get("FeedbackForwardingStatus", True))
        identity.tags = tag_map(record.get("Tags") or [])


def install() -> None:
    """Put the views in the place of the emulator's dictionaries."""
    ses, ses_v2 = emulator.module("services.ses"), emulator.module("services.ses_v2")
    ses._identities = ses_v2._v1_identities = V1View()
    ses_v2._identities = V2View()
