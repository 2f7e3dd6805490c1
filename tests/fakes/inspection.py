"""The services of `inspect` over what a deployment in memory holds."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from mailwarden.service.inspection.batch_cache import for_one_batch
from mailwarden.service.inspection.batch_findings import BatchFindings
from mailwarden.service.inspection.concerned_pools import ConcernedPools
from mailwarden.service.inspection.fan_out import FanOut
from mailwarden.service.inspection.inspect import Inspector
from mailwarden.service.inspection.overlap_recorder import OverlapRecorder
from mailwarden.service.repair.source_owners import SourceOwners
from tests.builders import ACCOUNT

if TYPE_CHECKING:
    from tests.fakes.deployment import Deployment

REPAIR_ROLE = f"arn:aws:iam::{ACCOUNT}:role/mailwarden-RepairRole-1A2B"
OPERATE_ROLE = f"arn:aws:iam::{ACCOUNT}:role/mailwarden-OperateRole-3C4D"


def fan_out_of(mailwarden: "Deployment") -> FanOut:
    return FanOut(
        waiting=mailwarden.ledger.waiting,
        shares=mailwarden.ledger.shares,
        hints=mailwarden.hints,
        looks=mailwarden.ledger.looks,
        clock=mailwarden.clock,
    )


def concerned_pools_of(mailwarden: "Deployment") -> ConcernedPools:
    return ConcernedPools(
        resources_in_use=mailwarden.ledger.resources_in_use,
        known_pools=mailwarden.ledger.known_pools,
        hints=mailwarden.hints,
        sweeper=mailwarden.sweeper(),
        fan_out=fan_out_of(mailwarden),
        turns=mailwarden.ledger.turns,
        watched_regions=mailwarden.watched_regions,
        started_at=mailwarden.clock.now(),
        repair_role=REPAIR_ROLE,
        overlaps=OverlapRecorder(
            windows=mailwarden.ledger.windows, own_roles=(REPAIR_ROLE, OPERATE_ROLE), clock=mailwarden.clock
        ),
    )


def inspector_of(mailwarden: "Deployment") -> Inspector:
    """An inspector of one batch; without shared readings each batch has a process of its own."""
    started_at = mailwarden.clock.now()
    return Inspector(
        readers=for_one_batch(
            mailwarden.path_reader(), clock=mailwarden.clock, started_at=started_at, recent=mailwarden.recent
        ),
        recorder=replace(mailwarden.recorder(), findings=BatchFindings(below=mailwarden.ledger.findings)),
        orders=mailwarden.orders(),
        fan_out=fan_out_of(mailwarden),
        rules=mailwarden.rules,
        limits=mailwarden.effective_limits,
        owners=SourceOwners(stacks=mailwarden.stacks, deployment_roles=mailwarden.deployment_roles),
        settle=timedelta(seconds=30),
        started_at=started_at,
    )
