"""A person undoes a repair: the grant goes, no sweep gives it back, and the journal shows both writes."""

from sandbox.demo.policy_deletion import PolicyDeletion
from sandbox.demo.scene import Expected, Scene, Undone
from sandbox.demo.stage.pools import OPEN_TO_COGNITO

_DELETION = PolicyDeletion(
    actor="nina",
    pool="pilot",
    pool_region="ap-northeast-2",
    address="pilot@orchard.example",
    ses_region="us-west-2",
    policy="cognito-for-the-pilot",
    why=", because the pilot is over",
    tags=OPEN_TO_COGNITO,
)

UNDONE_REPAIR = Scene(
    number=9,
    title="A repair that a person undoes",
    situation="A pilot is over, and its pool is to send no mail. Nina deletes the sending policy. The identity still "
    "has the tag mailwarden:cognito=account, so Mailwarden restores the grant. An operator undoes that.",
    lesson="An undo removes only what its journal entry added. Mailwarden does not make the repair again until the "
    "configuration changes. To keep it from repairing this pool at all, give the pool the tag mailwarden=report.",
    place=_DELETION.place,
    expected=Expected(
        answer="no",
        deciding="authorization",
        outcome=Undone(rule="MW401", reason="decision.undone"),
        mail_before="arrived",
        mail_broken=None,
        mail_after="lost",
    ),
)
