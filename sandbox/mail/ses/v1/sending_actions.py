"""SES v1 calls about sending: the account's switch and quota, configuration sets, and sending itself."""

from collections.abc import Callable, Sequence

from sandbox.mail import emulator
from sandbox.mail.mail_path import delivery
from sandbox.mail.ses import sending
from sandbox.mail.ses.raw_message import RawMessage
from sandbox.mail.ses.sending import Refusal, RefusalKind
from sandbox.mail.ses.store import realm
from sandbox.mail.ses.v1 import xml_wire
from sandbox.mail.ses.v1.xml_wire import Parameters

_ERROR_CODES = {
    RefusalKind.ACCOUNT_SHUT_DOWN: "AccountSendingPausedException",
    RefusalKind.SENDING_DISABLED: "AccountSendingPausedException",
    RefusalKind.QUOTA: "Throttling",
    RefusalKind.NOT_VERIFIED: "MessageRejected",
    RefusalKind.NO_CONFIGURATION_SET: "ConfigurationSetDoesNotExist",
    RefusalKind.NO_IP_POOL: "MessageRejected",
    RefusalKind.CONFIGURATION_SET_DISABLED: "ConfigurationSetSendingPausedException",
    RefusalKind.MAIL_FROM_NOT_VERIFIED: "MailFromDomainNotVerifiedException",
}


def _get_quota(_: Parameters) -> emulator.Answer:
    account = realm().account
    return xml_wire.answer(
        "GetSendQuota",
        {
            "Max24HourSend": account.max_24_hour_send,
            "MaxSendRate": account.max_send_rate,
            "SentLast24Hours": account.sent_last_24_hours(),
        },
    )


def _get_sending(_: Parameters) -> emulator.Answer:
    return xml_wire.answer("GetAccountSendingEnabled", {"Enabled": realm().account.sending_enabled})


def _update_sending(parameters: Parameters) -> emulator.Answer:
    realm().account.sending_enabled = parameters.flag("Enabled")
    return xml_wire.answer("UpdateAccountSendingEnabled")


def _create_set(parameters: Parameters) -> emulator.Answer:
    name = parameters.text("ConfigurationSet.Name")
    if emulator.configuration_set(realm().account_id, realm().region, name) is not None:
        return xml_wire.error("ConfigurationSetAlreadyExists", f"Configuration set <{name}> already exists.")
    emulator.create_configuration_set(name)
    return xml_wire.answer("CreateConfigurationSet")


def _delete_set(parameters: Parameters) -> emulator.Answer:
    name = parameters.text("ConfigurationSetName")
    if not emulator.delete_configuration_set(name):
        return _no_set(name)
    return xml_wire.answer("DeleteConfigurationSet")


def _update_set_sending(parameters: Parameters) -> emulator.Answer:
    name = parameters.text("ConfigurationSetName")
    found = emulator.configuration_set(realm().account_id, realm().region, name)
    if found is None:
        return _no_set(name)
    found["SendingOptions"] = {"SendingEnabled": parameters.flag("Enabled")}
    return xml_wire.answer("UpdateConfigurationSetSendingEnabled")


def _list_sets(_: Parameters) -> emulator.Answer:
    names = [{"Name": name} for name in emulator.configuration_set_names()]
    return xml_wire.answer("ListConfigurationSets", {"ConfigurationSets": names})


def _describe_set(parameters: Parameters) -> emulator.Answer:
    name = parameters.text("ConfigurationSetName")
    if emulator.configuration_set(realm().account_id, realm().region, name) is None:
        return _no_set(name)
    return xml_wire.answer("DescribeConfigurationSet", {"ConfigurationSet": {"Name": name}})


def _no_set(name: str) -> emulator.Answer:
    return xml_wire.error("ConfigurationSetDoesNotExist", f"Configuration set <{name}> does not exist.")


def _send_email(parameters: Parameters) -> emulator.Answer:
    recipients = [
        address
        for group in ("ToAddresses", "CcAddresses", "BccAddresses")
        for address in parameters.members(f"Destination.{group}")
    ]
    body = parameters.text("Message.Body.Text.Data") or parameters.text("Message.Body.Html.Data")
    return _send(
        "SendEmail",
        parameters,
        sender=parameters.text("Source"),
        recipients=recipients,
        subject=parameters.text("Message.Subject.Data"),
        body=body,
        reply_to=next(iter(parameters.members("ReplyToAddresses")), None),
    )


def _send_raw_email(parameters: Parameters) -> emulator.Answer:
    raw = RawMessage(parameters.text("RawMessage.Data"))
    return _send(
        "SendRawEmail",
        parameters,
        sender=parameters.text("Source") or raw.sender,
        recipients=parameters.members("Destinations") or raw.recipients,
        subject=raw.subject,
        body=raw.body,
        reply_to=raw.reply_to,
    )


def _send(
    action: str,
    parameters: Parameters,
    *,
    sender: str,
    recipients: Sequence[str],
    subject: str,
    body: str,
    reply_to: str | None,
) -> emulator.Answer:
    configuration_set = parameters.optional("ConfigurationSetName")
    refused = sending.refusal(realm(), sender, recipients, configuration_set)
    if refused is not None:
        return _refused(refused)
    message_id = delivery.send_by_api(
        realm(),
        action=action,
        sender=sender,
        addresses=recipients,
        subject=subject,
        body=body,
        reply_to=reply_to,
        configuration_set=configuration_set,
    )
    return xml_wire.answer(action, {"MessageId": message_id})


def _refused(refused: Refusal) -> emulator.Answer:
    return xml_wire.error(_ERROR_CODES[refused.kind], refused.message)


HANDLERS: dict[str, Callable[[Parameters], emulator.Answer]] = {
    "GetSendQuota": _get_quota,
    "GetAccountSendingEnabled": _get_sending,
    "UpdateAccountSendingEnabled": _update_sending,
    "CreateConfigurationSet": _create_set,
    "DeleteConfigurationSet": _delete_set,
    "UpdateConfigurationSetSendingEnabled": _update_set_sending,
    "ListConfigurationSets": _list_sets,
    "DescribeConfigurationSet": _describe_set,
    "SendEmail": _send_email,
    "SendRawEmail": _send_raw_email,
}
