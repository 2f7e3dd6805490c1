"""Dispatches each change to the writer of its kind."""

from dataclasses import dataclass

from mailwarden.adapters.aws.cognito.writer.risk_writer import RiskWriter
from mailwarden.adapters.aws.cognito.writer.writer import CognitoWriter
from mailwarden.adapters.aws.iam.email_service_role import EmailServiceRoleWriter
from mailwarden.adapters.aws.ses.policy_writer import SesPolicyWriter
from mailwarden.domain.findings.changes import (
    CreateServiceLinkedRole,
    GrantSending,
    ReplaceEmailConfiguration,
    ReplaceRiskConfiguration,
    WrittenChange,
)
from mailwarden.domain.repair.journal import WriteResult


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsChangeWriter:
    """Implements the port ``ChangeWriter`` with Cognito, SES and IAM."""

    pools: CognitoWriter
    policies: SesPolicyWriter
    role: EmailServiceRoleWriter
    risks: RiskWriter

    def write(self, change: WrittenChange, *, entry_id: str) -> WriteResult:
        """Write *change* if ``before`` is still live; the journal entry must exist already."""
        match change:
            case ReplaceEmailConfiguration():
                return self.pools.write(change, entry_id=entry_id)
            case GrantSending():
                return self.policies.write(change, entry_id=entry_id)
            case CreateServiceLinkedRole():
                return self.role.write(change, entry_id=entry_id)
            case ReplaceRiskConfiguration():
                return self.risks.write(change, entry_id=entry_id)
