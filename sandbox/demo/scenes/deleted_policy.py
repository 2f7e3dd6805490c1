"""The sending policy of an identity is deleted; its owner consented with a tag, so Mailwarden restores the grant."""

from sandbox.demo.policy_deletion import PolicyDeletion
from sandbox.demo.scene import Expected, Repaired, Scene
from sandbox.demo.stage.pools import OPEN_TO_COGNITO

_DELETION = PolicyDeletion(
    actor="bob",
    pool="shop-kr",
    pool_region="ap-northeast-2",
    address="hello@orchard.example",
    ses_region="us-west-2",
    policy="cognito-from-the-console",
    why=" in us-west-2",
    tags=OPEN_TO_COGNITO,
)

DELETED_POLICY = Scene(
    number=2,
    title="A deleted sending policy",
    situation="A pool in Seoul uses Cognito's default sender with its own FROM address, hello@orchard.example, "
    "which is an identity in us-west-2. The identity has the tag mailwarden:cognito=account. Bob deletes "
    "a policy that seems unused.",
    lesson="The tag is the owner's consent, so Mailwarden restored the grant: for this pool only, and in a "
    "policy of its own.",
    place=_DELETION.place,
    expected=Expected(
        answer="no",
        deciding="authorization",
        outcome=Repaired(rule="MW401", changed=("mailwarden-cognito",)),
        mail_before="arrived",
        mail_broken="lost",
        mail_after="arrived",
    ),
)
