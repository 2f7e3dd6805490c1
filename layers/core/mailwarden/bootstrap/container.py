"""Parts that several functions share: environment, clients of the home region, ledger, settings, path reader.

Built on first use and reused while the function is warm.
"""

import gc
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from boto3.session import Session
from botocore.exceptions import BotoCoreError

from mailwarden.adapters.aws.clients import READING, Clients
from mailwarden.adapters.aws.guarded_write import WriteTime
from mailwarden.bootstrap import USUAL_THRESHOLDS
from mailwarden.settings.environment import Environment

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class UtcClock:
    """Implements ``Clock`` with the system clock."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(tz=UTC)


def write_time() -> WriteTime:
    """The clocks of the writers."""
    return WriteTime(clock=UtcClock(), monotonic=time.monotonic, sleep=time.sleep)


@cache
def environment() -> Environment:
    """The function's environment, read once; raises MalformedSettings."""
    return Environment.from_variables(os.environ)


@cache
def session() -> Session:
    """The session of the home region."""
    return Session(region_name=environment().home_region)


@cache
def clients() -> Clients:
    """Clients of the watched regions."""
    return Clients(session())


@cache
def sqs() -> "SQSClient":
    """The SQS client of the home region."""
    return session().client("sqs", config=READING)


def build_early(*parts: Callable[[], object]) -> None:
    """Build parts and clients while the function starts, when it has a whole processor; AWS is asked for nothing.

    A wrong configuration raises nothing here, where the function could only fail to start. Missing parts are built on
    first use, and the first event names the wrong variable. All objects of the start stay as long as the process: the
    collection of garbage, which waited for it, never looks at it again.
    """
    # MalformedSettings and whatever else is raised for the text of a variable are ValueErrors.
    with suppress(ValueError, BotoCoreError):
        for build in parts:
            build()
    gc.freeze()
    gc.set_threshold(*USUAL_THRESHOLDS)


def connect(*services: Callable[[Clients, str], object]) -> Callable[[], None]:
    """A part for ``build_early``: the clients of these services in every watched region."""

    def create() -> None:
        for region in environment().watched_regions:
            for service in services:
                service(clients(), region)

    return create
