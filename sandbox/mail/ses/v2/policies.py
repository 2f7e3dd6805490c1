"""SES v2 calls about the policies of an identity, with the rules of the write path.

Update answers success although the policy does not exist, and creates nothing; Delete is idempotent (service model).
"""

from collections.abc import Callable

from sandbox.mail import emulator
from sandbox.mail.policies import policy_rules
from sandbox.mail.ses.store import Identity, realm
from sandbox.mail.ses.v2.identities import on_existing
from sandbox.mail.ses.v2.rest_call import Call, bad_request


def _objection(call: Call, identity: Identity) -> emulator.Answer | None:
    if not identity.usable:
        return bad_request(f"Email identity <{identity.name}> is not verified.")
    said = policy_rules.objection_to_name(call.path["policy"]) or policy_rules.objection_to_policy(
        call.data.get("Policy", ""), realm().arn_of(identity.name)
    )
    return bad_request(f"InvalidPolicy: {said}") if said else None


def _create(call: Call, identity: Identity) -> emulator.Answer:
    name = call.path["policy"]
    if name in identity.policies:
        return emulator.ses_v2_error("AlreadyExistsException", f"Policy <{name}> already exists.")
    if len(identity.policies) >= policy_rules.MAX_POLICIES:
        return emulator.ses_v2_error(
            "LimitExceededException", f"An identity can have at most {policy_rules.MAX_POLICIES} policies."
        )
    if refused := _objection(call, identity):
        return refused
    identity.policies[name] = call.data["Policy"]
    return emulator.ses_v2_answer({})


def _update(call: Call, identity: Identity) -> emulator.Answer:
    if refused := _objection(call, identity):
        return refused
    if call.path["policy"] in identity.policies:
        identity.policies[call.path["policy"]] = call.data["Policy"]
    return emulator.ses_v2_answer({})


def _delete(call: Call, identity: Identity) -> emulator.Answer:
    identity.policies.pop(call.path["policy"], None)
    return emulator.ses_v2_answer({})


def _get(_: Call, identity: Identity) -> emulator.Answer:
    return emulator.ses_v2_answer({"Policies": identity.policies})


_ALL = r"/identities/(?P<identity>[^/]+)/policies"
_ONE = _ALL + "/(?P<policy>[^/]+)"

ROUTES: list[tuple[str, str, Callable[[Call], emulator.Answer | None]]] = [
    ("POST", _ONE, on_existing(_create)),
    ("PUT", _ONE, on_existing(_update)),
    ("DELETE", _ONE, on_existing(_delete)),
    ("GET", _ALL, on_existing(_get)),
]
