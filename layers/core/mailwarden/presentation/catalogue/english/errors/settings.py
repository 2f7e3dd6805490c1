"""Errors of settings: the document, the environment and the rows of the region table."""

from collections.abc import Mapping

from mailwarden.presentation.catalogue.catalogue import Template

TEXTS: Mapping[str, Template] = {
    "environment.not-set": "the environment variable {name} is not set",
    "environment.two-ways-to-slack": (
        "both SLACK_SECRET_ARN and SLACK_TOKEN_SECRET_ARN are set: Slack gets alerts by a webhook or with a token"
    ),
    "environment.no-queue": "no environment variable has the address of the queue {queue}",
    "settings.not-read": "{code}: ssm:GetParameter {parameter}",
    "settings.no-history": "{problem}; {code}: ssm:GetParameterHistory",
    "settings.no-history-either": "{problem}; its history could not be read either ({code}: ssm:GetParameterHistory)",
    "settings.no-valid-version": "{problem}; no version of it that SSM still has is valid",
    "settings.no-rule": "{member} is the id of no rule of this release",
    "settings.no-local-part": "{member} must be the part before the @ of an address, such as no-reply",
    "settings.steps": "{member} must rise: elevated below high, and high below {review}, from which on AWS acts",
    "settings.type": "{member} must be {type}",
    "settings.enum": "{member} must be one of {choices}",
    "settings.required": "{member} must contain {missing}",
    "settings.unknown-members": "{member} must not contain {unknown}",
    "settings.maximum": "{member} must be at most {limit}",
    "settings.minimum": "{member} must be at least {limit}",
    "settings.exclusiveMinimum": "{member} must be more than {limit}",
    "settings.minItems": "{member} must have at least {limit} values",
    "settings.minLength": "{member} must have at least {limit} characters",
    "settings.oneOf": '{member} must be either "account" or a list of pool ids',
    "settings.route-tag": "{member} names a tag that alerts do not have: applicationTags has {tags}",
    "settings.channel": "{member} must be the id of a Slack channel, such as C0123456789",
    "settings.region": "{member} must be a region, such as eu-west-1",
    "settings.pattern": "{member} must be the ARN of an IAM role or user, or of a session of a role, without wildcards",
    "settings.refused": "{member} does not match the schema ({rule})",
    "region-table.twice": "{regions} stands in more than one part of the table",
    "region-table.no-region": "{path} is not the name of a region",
    "region-table.no-member": "{path} is not a member of a row, which has {members}",
    "region-table.no-ses-region": "{path} names no SES region",
    "region-table.no-principal": "{path} is missing, and no page names the principal of this partition",
    "region-table.region-twice": "{path} names a region twice",
}
