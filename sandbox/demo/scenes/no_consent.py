"""A grant is missing and the identity's owner gave no consent: the change is shown in the alert and not applied."""

from sandbox.demo.policy_deletion import PolicyDeletion
from sandbox.demo.scene import Expected, Reported, Scene

_DELETION = PolicyDeletion(
    actor="fatima",
    pool="press",
    pool_region="eu-west-1",
    address="press@orchard.example",
    ses_region="eu-west-1",
    policy="cognito-from-the-console",
    why=" in eu-west-1",
)

NO_CONSENT = Scene(
    number=6,
    title="No consent, no repair",
    situation="A pool in Ireland uses the default sender with the FROM address press@orchard.example. The owner of "
    "that identity gave no consent: no tag, no entry in the settings, no other statement for this pool.",
    lesson="A person who can edit a pool must not gain the use of an identity through Mailwarden. The alert "
    "shows the exact change. The owner applies it, or tags the identity once with "
    "mailwarden:cognito=account.",
    place=_DELETION.place,
    expected=Expected(
        answer="no",
        deciding="authorization",
        outcome=Reported(rule="MW401", reason="decision.no-consent", shows_write=True),
        mail_before="arrived",
        mail_broken="lost",
        mail_after="lost",
    ),
)
