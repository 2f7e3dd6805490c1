"""The identity of a finding."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingKey:
    """The identity of a finding: its subject's ARN and its rule."""

    subject_arn: str
    rule_id: str
