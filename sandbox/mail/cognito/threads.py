"""Answers the reads of pools without a thread for each: they invoke no function, so nothing can wait for them."""

import contextvars
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.mail import emulator

_READS = ("Describe", "List", "GetUserPoolMfaConfig")


def install() -> None:
    """Wrap ``cognito.run_reentrant``, which gives each operation a thread, for some invoke functions."""
    cognito = emulator.module("services.cognito")
    cognito.run_reentrant = _without_thread(cognito.run_reentrant, cognito._run_idp_handler)


def _without_thread(below: Callable[..., Awaitable[Any]], runner: object) -> Callable[..., Awaitable[Any]]:
    async def run(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - passed on
        if function is runner and str(arguments[1]).startswith(_READS):
            return contextvars.copy_context().run(function, *arguments)
        return await below(function, *arguments, **options)

    return run
