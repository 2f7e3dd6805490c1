"""Mail that Cognito sends for a pool: passed through the chain, then delivered, lost or refused."""

import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache

from sandbox.mail import emulator
from sandbox.mail.emulator import Handler
from sandbox.mail.mail_path import chain, custom_sender, delivery
from sandbox.mail.mail_path.chain import Verdict
from sandbox.mail.mail_path.mailbox import MAILBOX, Loss, Mail
from sandbox.mail.mail_path.pool_mail import PoolMail
from sandbox.mail.ses.sending import effective_set
from sandbox.mail.ses.store import realm

type Runner = Callable[[Handler, str, emulator.Json], emulator.Answer]

_OPERATION: ContextVar[str] = ContextVar("sandbox_cognito_operation", default="")

_MESSAGES = {
    chain.ROLE_ACCESS: "Cognito is not allowed to use your email identity. {reason}",
    chain.INVALID: "{reason}",
    custom_sender.UNEXPECTED_LAMBDA: "{reason}",
    chain.LIMIT: (
        "Exceeded daily email limit for the operation or the account. If a higher limit is required, please configure "
        "your user pool to use your own Amazon SES configuration for sending email."
    ),
    chain.DELIVERY: "Cognito received the following error from Amazon SES when attempting to send email: {reason}",
}


# AdminCreateUser does not declare the error, and is reported with it (amplify-flutter 4003).
_OBSERVED = {"AdminCreateUser": frozenset({chain.LIMIT})}


class MailRefusedError(Exception):
    """The caller of the Cognito operation sees that its mail could not be sent."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the error code of the API beside the message."""
        super().__init__(message)
        self.code = code


def run_operation(below: Runner, handler: Handler, operation: str, data: emulator.Json) -> emulator.Answer:
    """Run a Cognito operation, knowing its name, and answer a refused mail as its error."""
    token = _OPERATION.set(operation)
    try:
        return below(handler, operation, data)
    except MailRefusedError as refused:
        return emulator.cognito_error(refused.code, str(refused))
    finally:
        _OPERATION.reset(token)


def deliver(
    pool: emulator.Json,
    to_email: str,
    subject: str,
    body: str,
    type_name: str,
    extra: emulator.Json | None = None,
) -> str | None:
    """Send one finished message for a pool (replaces the emulator's own delivery); returns the message id.

    Raises:
        MailRefusedError: where Cognito would answer the operation with an error instead of losing the mail.
    """
    del extra
    if not to_email:
        return None
    pool_mail = PoolMail.of(pool)
    operation = _OPERATION.get()
    verdict = _not_sent_at_all(pool, operation) or chain.judge(pool_mail, to_email, operation=operation)
    mail = Mail(
        id=emulator.new_id(),
        time=time.time(),
        pool=pool_mail.pool_id,
        trigger=operation,
        sender=pool_mail.sender,
        reply_to=pool_mail.reply_to,
        to=to_email,
        subject=subject,
        body=body,
        ses_region=next(iter(verdict.ses_regions), None),
        identity=pool_mail.identity_name or None,
        message_type=type_name,
        handed_to=pool_mail.handed_to,
    )
    if verdict.accepted:
        _hand_over(pool_mail, mail)
        return mail.id
    error = _declared(operation, verdict.error)
    MAILBOX.lose(mail, Loss(stage=verdict.stage or "", reason=verdict.reason, error=error))
    if error is not None:
        raise MailRefusedError(error, _MESSAGES[error].format(reason=verdict.reason))
    return None


def _not_sent_at_all(pool: emulator.Json, operation: str) -> Verdict | None:
    if operation == "SignUp" and "email" not in (pool.get("AutoVerifiedAttributes") or []):
        said = "AutoVerifiedAttributes of the pool does not hold email, so Cognito sends no code."
        return Verdict(accepted=False, stage="pool", reason=said)
    return None


def _hand_over(pool_mail: PoolMail, mail: Mail) -> None:
    if pool_mail.custom_sender is not None:
        MAILBOX.deliver(mail)
    elif pool_mail.developer:
        ses = realm(pool_mail.account, mail.ses_region)
        identity = ses.identity(pool_mail.identity_name)
        delivery.send_through_ses(ses, mail, effective_set(identity, pool_mail.configuration_set))
    else:
        MAILBOX.count_default_sender(pool_mail.account)
        MAILBOX.deliver(mail)


def _declared(operation: str, error: str | None) -> str | None:
    """Reduce an error to one that the operation declares: itself, else the other of the two, else silence."""
    if error is None:
        return None
    declared = _declared_errors(operation) | _OBSERVED.get(operation, frozenset())
    if error not in {chain.DELIVERY, chain.ROLE_ACCESS}:
        return error if error in declared else None
    other = chain.DELIVERY if error == chain.ROLE_ACCESS else chain.ROLE_ACCESS
    return next((one for one in (error, other) if one in declared), None)


@cache
def _declared_errors(operation: str) -> frozenset[str]:
    """Read from the service model which errors an operation declares."""
    model = emulator.service_model("cognito-idp")
    if operation not in model.operation_names:
        return frozenset()
    return frozenset(shape.name for shape in model.operation_model(operation).error_shapes)
