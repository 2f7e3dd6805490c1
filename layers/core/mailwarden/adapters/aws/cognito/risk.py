"""The risk configuration of a pool as DescribeRiskConfiguration returns it, in the form that can be set again."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.model import StructureShape

from mailwarden.adapters.aws.raw_responses import raw_response
from mailwarden.domain.known_good.risk_configuration import risk_text
from mailwarden.domain.refs.resources import PoolRef

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

DESCRIBE_RISK = "cognito-idp:DescribeRiskConfiguration"
# They name the risk configuration: that of all app clients without one of their own has no ClientId.
_NAMES = frozenset({"UserPoolId", "ClientId"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedRisk:
    """The parts that SetRiskConfiguration sets, as text, and the members that the SDK does not know."""

    text: str
    unknown_members: tuple[str, ...]


def described_risk(client: "CognitoIdentityProviderClient", pool: PoolRef) -> DescribedRisk:
    """The live risk configuration of all app clients that have none of their own; raises every error unchanged.

    The parts are those that the loaded service model accepts, computed and not typed.
    """
    answer = client.describe_risk_configuration(UserPoolId=pool.pool_id)
    accepts = client.meta.service_model.operation_model("SetRiskConfiguration").input_shape
    if not isinstance(accepts, StructureShape):
        raise TypeError("the input of SetRiskConfiguration is not a structure")
    described = answer["RiskConfiguration"]
    parts = {name: described.get(name) for name in accepts.members if name not in _NAMES}
    return DescribedRisk(text=risk_text(parts), unknown_members=raw_response(answer).unknown_members)
