"""Each kind of change reaches the writer that knows it; and the calls made are those that are declared."""

import pytest

from mailwarden.adapters.aws.change_writer import AwsChangeWriter
from mailwarden.adapters.aws.clients import Clients
from mailwarden.adapters.aws.cognito.pools import CognitoPools
from mailwarden.adapters.aws.cognito.writer.risk_writer import RiskWriter
from mailwarden.adapters.aws.cognito.writer.writer import CognitoWriter
from mailwarden.adapters.aws.iam.email_service_role import EmailServiceRoleWriter
from mailwarden.adapters.aws.ses.policy_writer import SesPolicyWriter
from mailwarden.domain.findings.changes import (
    CreateServiceLinkedRole,
    GrantSending,
    ReplaceRiskConfiguration,
    WrittenChange,
)
from mailwarden.domain.repair.journal import Written
from tests import permissions
from tests.builders import ACCOUNT, identity_ref, pool_ref
from tests.functional.aws.harness import Time, repair, shop
from tests.functional.aws.wire.cognito import Cognito
from tests.functional.aws.wire.iam import Iam
from tests.functional.aws.wire.ses import Ses
from tests.functional.aws.wire.wire import Wire
from tests.permissions import Permission

OURS = "mailwarden-cognito"
GRANT = GrantSending(identity=identity_ref("example.com"), pools=(pool_ref(),), before={OURS: None}, after={OURS: "{}"})
REGRANT = GrantSending(
    identity=identity_ref("example.com"), pools=(pool_ref(),), before={OURS: "{}"}, after={OURS: '{"Statement": []}'}
)
REVOKE = GrantSending(
    identity=identity_ref("example.com"), pools=(), before={OURS: '{"Statement": []}'}, after={OURS: None}
)
RISK = ReplaceRiskConfiguration(
    pool=repair(shop()).pool,
    before="{}",
    after='{"RiskExceptionConfiguration":{"BlockedIPRangeList":["192.0.2.0/24"]}}',
)


class Aws:
    """Cognito, SES and IAM in memory behind one writer."""

    def __init__(self) -> None:
        self.cognito, ses, time = Cognito(), Ses(), Time(per_reading=0.01)
        self.cognito.put(shop())
        ses.put("example.com")
        self.wire = Wire(services={"cognito-idp": self.cognito, "email": ses, "iam": Iam()})
        self.clients = Clients(self.wire.session())
        self.writer = AwsChangeWriter(
            pools=CognitoWriter(
                clients=self.clients,
                account=ACCOUNT,
                time=time.of_writes(),
            ),
            policies=SesPolicyWriter(clients=self.clients, account=ACCOUNT, time=time.of_writes()),
            role=EmailServiceRoleWriter(
                clients=self.clients, region="us-east-1", account=ACCOUNT, time=time.of_writes()
            ),
            risks=RiskWriter(clients=self.clients, account=ACCOUNT, time=time.of_writes()),
        )

    def called(self) -> set[str]:
        """The IAM actions behind the calls made."""
        return {f"{_service(request.operation)}:{request.operation}" for request in self.wire.requests}


def _service(operation: str) -> str:
    if "EmailIdentity" in operation:
        return "ses"
    return "cognito-idp" if "UserPool" in operation or "RiskConfiguration" in operation else "iam"


@pytest.mark.parametrize(
    ("changes", "declared"),
    [
        ((repair(shop()),), permissions.WRITE_POOLS),
        ((GRANT, REGRANT), permissions.WRITE_POLICIES),
        ((GRANT, REGRANT, REVOKE), (*permissions.WRITE_POLICIES, *permissions.UNDO_POLICIES)),
        ((CreateServiceLinkedRole(partition="aws", account=ACCOUNT),), permissions.WRITE_EMAIL_ROLE),
        ((RISK,), permissions.WRITE_RISKS),
    ],
    ids=["pool", "policies", "undo of policies", "role", "risk configuration"],
)
def test_a_change_is_written_with_exactly_the_actions_that_are_declared(
    changes: tuple[WrittenChange, ...],
    declared: tuple[Permission, ...],
) -> None:
    aws = Aws()

    outcomes = [aws.writer.write(change, entry_id="entry") for change in changes]

    assert set(outcomes) == {Written(entry_id="entry")}
    assert aws.called() == {permission.action for permission in declared if not permission.dependent_on}


def test_a_permission_that_no_call_shows_names_its_call_and_its_source() -> None:
    dependent = {permission.action: permission for permission in permissions.WRITE_POOLS if permission.dependent_on}

    assert dependent.keys() == {"iam:PassRole", "iam:CreateServiceLinkedRole"}
    assert all(permission.condition and permission.source for permission in dependent.values())


def test_the_pools_of_a_region_are_listed_with_the_declared_action() -> None:
    aws = Aws()

    CognitoPools(clients=aws.clients, partition="aws", account=ACCOUNT).page("us-east-1", None)

    assert aws.called() == {permission.action for permission in permissions.LIST_POOLS}
