"""The start of several scenes: a user deletes the one policy that lets a pool's default sender send."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.demo.scene import Act, Setting
from sandbox.demo.stage.pools import (
    GLOBAL_PRINCIPAL,
    Pool,
    attach,
    known_pool,
    policies_of,
    pools_of_this_account,
    sending_policy,
    verified_identity,
)
from sandbox.demo.stage.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDeletion:
    """A pool with a FROM address of its own, whose identity has one sending policy; `actor` deletes that."""

    actor: str
    pool: str
    pool_region: str
    address: str
    ses_region: str
    policy: str
    why: str = ""
    """The end of the words about the deleted policy."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """The tags of the identity."""

    def place(self, stage: Stage) -> Setting:
        """Create identity, policy and pool, and prepare the deletion."""
        identity = verified_identity(stage, self.ses_region, self.address, tags=self.tags)
        everywhere = pools_of_this_account(stage, self.pool_region)
        attach(stage, identity, self.policy, sending_policy(identity, GLOBAL_PRINCIPAL, **everywhere))
        email = {"EmailSendingAccount": "COGNITO_DEFAULT", "SourceArn": identity.arn}
        pool = known_pool(stage, self.pool_region, self.pool, email)
        actor = stage.actor(self.actor, "ses:DeleteIdentityPolicy")

        def delete_policy() -> Pool:
            ses = stage.client("ses", self.ses_region, actor=actor)
            ses.delete_identity_policy(Identity=identity.name, PolicyName=self.policy)
            return pool

        return Setting(
            act=Act(
                actor=actor,
                call="ses:DeleteIdentityPolicy",
                words=f'policy "{self.policy}" of the identity {identity.name}{self.why}',
                perform=delete_policy,
            ),
            pool=pool,
            snapshot=lambda: policies_of(stage, identity),
        )
