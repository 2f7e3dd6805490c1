"""The scenes of the demo, in the order in which they are played."""

from sandbox.demo.scene import Scene
from sandbox.demo.scenes.accidental_reset import ACCIDENTAL_RESET
from sandbox.demo.scenes.climbing_bounces import CLIMBING_BOUNCES
from sandbox.demo.scenes.deleted_policy import DELETED_POLICY
from sandbox.demo.scenes.ending_exemption import ENDING_EXEMPTION
from sandbox.demo.scenes.forbidden_region import FORBIDDEN_REGION
from sandbox.demo.scenes.no_consent import NO_CONSENT
from sandbox.demo.scenes.open_trust import OPEN_TRUST
from sandbox.demo.scenes.owned_by_stack import OWNED_BY_STACK
from sandbox.demo.scenes.sound_pool import SOUND_POOL
from sandbox.demo.scenes.suppressed_user import SUPPRESSED_USER
from sandbox.demo.scenes.undone_repair import UNDONE_REPAIR
from sandbox.demo.scenes.wrong_principal import WRONG_PRINCIPAL

SCENES: tuple[Scene, ...] = (
    SOUND_POOL,
    DELETED_POLICY,
    FORBIDDEN_REGION,
    WRONG_PRINCIPAL,
    OPEN_TRUST,
    NO_CONSENT,
    CLIMBING_BOUNCES,
    SUPPRESSED_USER,
    UNDONE_REPAIR,
    OWNED_BY_STACK,
    ENDING_EXEMPTION,
    ACCIDENTAL_RESET,
)
