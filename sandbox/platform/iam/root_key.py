"""Leaves one root key in the account, the operator's, and checks its signature like any other's."""

import os
from contextvars import ContextVar
from typing import Any

_pinning: ContextVar[bool] = ContextVar("pinning", default=False)


def install() -> None:
    """Replace `iam_evaluator.is_root_access_key` and `_is_root_key`; wrap `app.pin_signed_request`.

    To the emulator the key `test` and every twelve digits are root too, and no root request's signature is looked at:
    a function that made up such a key could do everything.
    """
    from ministack import app
    from ministack.core import iam_evaluator

    pin = app.pin_signed_request

    def pin_any(*arguments: Any, **options: Any) -> None:  # noqa: ANN401 - the request, passed on
        token = _pinning.set(True)
        try:
            pin(*arguments, **options)
        finally:
            _pinning.reset(token)

    iam_evaluator.is_root_access_key = _is_root
    # While a request is put aside for its signature check, root is a key like any other.
    iam_evaluator._is_root_key = lambda key: not _pinning.get() and _is_root(key)
    app.pin_signed_request = pin_any


def _is_root(access_key_id: str) -> bool:
    return not access_key_id or access_key_id == os.environ["AWS_ACCESS_KEY_ID"]
