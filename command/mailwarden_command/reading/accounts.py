"""Enters accounts: with the caller's own credentials, or through a role."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from boto3.session import Session
from botocore.exceptions import BotoCoreError, ClientError

from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.response_bodies import refuse_broken_bodies
from mailwarden.ports.clock import Clock
from mailwarden_command.reading.clocks import RecordedClock, UtcClock
from mailwarden_command.reading.credentials import (
    ANY_REGION,
    PATIENT,
    CredentialsEnded,
    CredentialsWatch,
    RoleRefused,
)
from mailwarden_command.reading.pace import RequestRates
from mailwarden_command.reading.recording import Recording


class NotEntered(Exception):
    """There are no credentials for an account, or AWS refused them; the message has the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredAccount:
    """An account that can be read; ``clients`` keep to the ``rates``.

    ``is_recorded``: its answers are recorded, or come from a recording.
    """

    partition: str
    account: str
    caller: str
    region: str
    clients: Clients
    rates: RequestRates
    clock: Clock = field(default_factory=UtcClock)
    is_recorded: bool = False


def enter(session: Session, *, share: float, recording: Recording | None = None) -> EnteredAccount:
    """Ask who the caller is, and pace and record every later request of the session; raises NotEntered.

    Raises CredentialsEnded if the session is that of a role, and the credentials that assume it have ended.
    """
    region = session.region_name or ANY_REGION
    try:
        sts = session.client("sts", region_name=region, config=PATIENT)
        refuse_broken_bodies(sts.meta)
        caller = sts.get_caller_identity()
    except CredentialsEnded:
        raise
    except RoleRefused as error:
        raise NotEntered(str(error)) from error
    except (BotoCoreError, ClientError) as error:
        raise NotEntered(f"AWS does not know the caller: {error}") from error
    rates = RequestRates(share=share, monotonic=time.monotonic, sleep=time.sleep)
    partition = caller["Arn"].split(":")[1]
    if recording is not None:
        _record(recording, session, partition=partition, caller=caller)
    # The client of STS was made before, so that its own calls are neither recorded nor watched.
    session.events.register("after-call", CredentialsWatch(ask=sts.get_caller_identity).check)
    # After the recording, which knows whether a call is sent at all.
    session.events.register("before-call", rates.wait)
    return EnteredAccount(
        partition=partition,
        account=caller["Account"],
        caller=caller["Arn"],
        region=region,
        clients=Clients(session),
        rates=rates,
        clock=UtcClock() if recording is None else RecordedClock(recording.at),
        is_recorded=recording is not None,
    )


def _record(recording: Recording, session: Session, *, partition: str, caller: Mapping[str, Any]) -> None:
    """Record, or go on with the recording of an interrupted run of the same account."""
    if recording.account not in {"", caller["Account"]}:
        raise NotEntered(f"The recording is of account {recording.account}, and the caller is of {caller['Account']}")
    recording.partition, recording.account, recording.caller = partition, caller["Account"], caller["Arn"]
    recording.region = session.region_name or ANY_REGION
    recording.continue_with(session)


def recorded(recording: Recording) -> EnteredAccount:
    """The account as it was recorded: nothing is sent to AWS, and the time is that of the recording."""
    # The SDK signs what is never sent.
    session = Session(aws_access_key_id="none", aws_secret_access_key="none", region_name=recording.region)  # noqa: S106 - no secret
    recording.speak(session)
    return EnteredAccount(
        partition=recording.partition,
        account=recording.account,
        caller=recording.caller,
        region=recording.region,
        clients=Clients(session),
        rates=RequestRates(share=0, monotonic=time.monotonic, sleep=time.sleep),
        clock=RecordedClock(recording.at),
        is_recorded=True,
    )


def session_of(*, profile: str | None, region: str | None) -> Session:
    """The session of a profile, or of the AWS environment; raises NotEntered if there is no such profile."""
    try:
        return Session(profile_name=profile, region_name=region or os.environ.get("AWS_REGION") or None)
    except BotoCoreError as error:
        raise NotEntered(str(error)) from error
