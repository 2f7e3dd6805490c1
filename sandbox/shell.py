"""The file that makes a shell use AWS in a box (`.sandbox/env`), and lets it leave again: POSIX shell only."""

import os
from collections.abc import Mapping
from pathlib import Path

LEAVE = "leave_box"

# Names that AWS clients read before AWS_ENDPOINT_URL, so that one left in the shell would lead out of the box:
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
_SERVICES = (
    "CLOUDFORMATION", "CLOUDTRAIL", "CLOUDWATCH", "CLOUDWATCH_LOGS", "COGNITO_IDENTITY_PROVIDER", "DYNAMODB",
    "DYNAMODB_STREAMS", "EVENTBRIDGE", "IAM", "LAMBDA", "RESOURCE_GROUPS_TAGGING_API", "S3", "SCHEDULER",
    "SECRETS_MANAGER", "SES", "SESV2", "SNS", "SQS", "SSM", "STS",
)  # fmt: skip
# Credentials, profiles and switches of the shell that would win over what is set here, or that do not belong in it.
_UNSET = (
    "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_DEFAULT_PROFILE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_PROFILE", "AWS_ROLE_ARN", "AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN",
    "AWS_USE_DUALSTACK_ENDPOINT", "AWS_USE_FIPS_ENDPOINT", "AWS_WEB_IDENTITY_TOKEN_FILE",
)  # fmt: skip

_HEAD = f"""\
# Makes this shell use AWS in a box:    . .sandbox/env
# Leaves the box again:                 {LEAVE}
# For sh, bash, zsh, dash, ksh. Your own AWS_* variables come back when you leave.
# AWS CLI version 1 ignores AWS_ENDPOINT_URL for "aws sqs": add --endpoint-url "$AWS_ENDPOINT_URL" there.
"""


def write(file: Path, environment: Mapping[str, str]) -> None:
    """Write the file; it holds credentials, so only its owner may read it."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(script(environment))


def script(environment: Mapping[str, str]) -> str:
    """The text of the file: `environment` is what leads into the box, above all AWS_ENDPOINT_URL."""
    endpoint = environment["AWS_ENDPOINT_URL"]
    exported = {
        **environment,
        **{f"AWS_ENDPOINT_URL_{service}": endpoint for service in _SERVICES},
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    names = " ".join([*exported, *_UNSET])
    return f"""{_HEAD}
if [ -z "${{MAILWARDEN_BOX_BEFORE+set}}" ]; then
  MAILWARDEN_BOX_BEFORE=$(export -p | sed -nE 's/^(export|declare -x|typeset -x) (AWS_)/export \\2/p')
fi
{LEAVE}() {{
  unset {names}
  eval "$MAILWARDEN_BOX_BEFORE"
  unset MAILWARDEN_BOX_BEFORE
  unset -f {LEAVE}
}}
unset {" ".join(_UNSET)}
{"".join(f"export {name}={value}{chr(10)}" for name, value in exported.items())}"""
