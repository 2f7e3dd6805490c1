"""SES v2 calls about configuration sets that the emulator takes too easily; all others stay with it."""

from collections.abc import Callable

from sandbox.mail import emulator
from sandbox.mail.rest_call import Call, not_found
from sandbox.mail.store import realm


def _delete(call: Call) -> emulator.Answer | None:
    name = call.path["name"]
    if emulator.configuration_set(realm().account_id, realm().region, name) is None:
        return not_found(f"Configuration set <{name}> does not exist.")
    return None


ROUTES: list[tuple[str, str, Callable[[Call], emulator.Answer | None]]] = [
    ("DELETE", r"/configuration-sets/(?P<name>[^/]+)", _delete),
]
