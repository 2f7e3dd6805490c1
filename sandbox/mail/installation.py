"""Puts this half's handlers in the place of the emulator's own, behind its routing and IAM enforcement."""

import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sandbox.mail import emulator
from sandbox.mail.cognito import caller, factors, pool_members, pool_reads, pool_writes, threads, user_calls
from sandbox.mail.feedback import recipients, reputation
from sandbox.mail.mail_path import cognito_mail
from sandbox.mail.mail_path.mailbox import MAILBOX
from sandbox.mail.policies import arn_operators, iam_scope
from sandbox.mail.ses import identity_views, store, tagged_identities
from sandbox.mail.ses.v1 import actions as v1_actions
from sandbox.mail.ses.v1.xml_wire import Parameters
from sandbox.mail.ses.v2 import paths as v2_paths
from sandbox.mail.ses.v2 import sets as v2_sets

type Service = Callable[[str, str, Mapping[str, str], bytes, Mapping[str, Any]], Awaitable[emulator.Answer]]


def install_all() -> None:
    """Replace the handlers; to be called once, after the emulator became importable."""
    _install_ses()
    _install_cognito()
    user_calls.install()
    threads.install()
    factors.install()
    identity_views.install()
    tagged_identities.install()
    iam_scope.install()
    v2_sets.install()
    arn_operators.install()


def _install_ses() -> None:
    ses, ses_v2_service = emulator.module("services.ses"), emulator.module("services.ses_v2")
    ses.handle_request = _ses_v1_in_front_of(ses.handle_request)
    ses_v2_service.handle_request = _ses_v2_in_front_of(ses_v2_service.handle_request)
    forget_below = ses.reset

    def reset() -> None:
        forget_below()
        store.forget_everything()
        recipients.forget_rules()
        reputation.forget_volumes()
        MAILBOX.empty()

    ses.reset = reset


def _ses_v1_in_front_of(below: Service) -> Service:
    @functools.wraps(below)
    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
    ) -> emulator.Answer:
        is_v2 = path.startswith("/v2/") or "sesv2" in headers.get("x-amz-target", "").lower()
        parameters = Parameters(query, b"" if is_v2 else body)
        handler = None if is_v2 else v1_actions.HANDLERS.get(parameters.text("Action"))
        return handler(parameters) if handler else await below(method, path, headers, body, query)

    return handle_request


def _ses_v2_in_front_of(below: Service) -> Service:
    @functools.wraps(below)
    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
    ) -> emulator.Answer:
        answer = v2_paths.answer(method, path, body, query)
        return answer or await below(method, path, headers, body, query)

    return handle_request


def _install_cognito() -> None:
    cognito = emulator.module("services.cognito")
    cognito.handle_request = _knowing_the_caller(cognito.handle_request)
    cognito._run_idp_handler = functools.partial(cognito_mail.run_operation, cognito._run_idp_handler)
    cognito._deliver_cognito_email = cognito_mail.deliver
    cognito._create_user_pool = pool_writes.creating(cognito._create_user_pool)
    cognito._update_user_pool = pool_writes.update_user_pool
    cognito._delete_user_pool = pool_writes.deleting(cognito._delete_user_pool)
    cognito._describe_user_pool = pool_reads.describe_user_pool
    cognito._idp_tag_resource = pool_reads.tagging(cognito._idp_tag_resource)
    cognito._pool_out = pool_members.shown
    cognito._pool_arn = pool_members.arn_of


def _knowing_the_caller(below: Service) -> Service:
    @functools.wraps(below)
    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
    ) -> emulator.Answer:
        token = caller.remember(headers)
        try:
            return await below(method, path, headers, body, query)
        finally:
            caller.forget(token)

    return handle_request
