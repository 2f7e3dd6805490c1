"""Finds the home stack: its outputs and parameters, and a plain sentence where there is no such stack."""

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import ClientError, NoRegionError

from tools.deployment.settings import Deployment, MalformedDeployment, deployment_file, load

NO_REGION = "no AWS region is set. Name the home region with AWS_REGION=… (or --region)"


class StackNotFound(Exception):
    """There is no such stack where it was looked for, or no region to look in; the message has the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeStack:
    """The deployed home stack."""

    stack: str
    region: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]


def add_place(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that name the deployment."""
    parser.add_argument(
        "--stack", default="", type=stack_of, help="the home stack (default: that of deployment.toml, or mailwarden)"
    )
    parser.add_argument(
        "--region",
        default=default_region(),
        help="the home region (default: that of deployment.toml, or of your AWS environment)",
    )
    parser.add_argument("--endpoint-url", help="an endpoint other than AWS")


def stack_of(name: str) -> str:
    """The name of the home stack; for an empty name that of the operator's file, or mailwarden."""
    known = _deployment()
    return name or (known.stack if known else "mailwarden")


def default_region() -> str | None:
    """The home region by the operator's file, or else the region of the AWS environment.

    That is AWS_REGION, as for the AWS CLI, which boto3 does not read; or boto3's own.
    """
    known = _deployment()
    if known is not None:
        return known.region
    return os.environ.get("AWS_REGION") or boto3.session.Session().region_name


def _where() -> str:
    file = deployment_file()
    if file.exists() and load(file) is not None:
        return f"{file} names that region and stack; DEPLOYMENT=… names another file"
    return "Name its region with AWS_REGION=… (or --region), and the stack with STACK=… (or --stack)"


def _deployment() -> Deployment | None:
    try:
        return load(deployment_file())
    except MalformedDeployment as error:
        raise SystemExit(str(error)) from error


def find_home_stack(cloudformation: Any, stack: str) -> HomeStack:  # noqa: ANN401 - boto3 clients have no static type
    """Read the home stack.

    Raises:
        StackNotFound: There is no such stack in the region of the client.
        BotoCoreError: AWS could not be reached. Likewise ClientError: it refused.
    """
    region = str(cloudformation.meta.region_name)
    try:
        described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if "does not exist" not in error.response["Error"]["Message"]:
            raise
        raise StackNotFound(f"there is no stack {stack} in {region}. {_where()}") from error
    return HomeStack(
        stack=stack,
        region=region,
        outputs={output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", ())},
        parameters={given["ParameterKey"]: given["ParameterValue"] for given in described.get("Parameters", ())},
    )


def client_of(place: argparse.Namespace, service: str, **options: Any) -> Any:  # noqa: ANN401 - as above
    """A client of a service in the home region; raises StackNotFound if no region is set."""
    try:
        return boto3.session.Session().client(
            service,  # type: ignore[call-overload] # one of a few names
            region_name=place.region,
            endpoint_url=place.endpoint_url,
            **options,
        )
    except NoRegionError as error:
        raise StackNotFound(NO_REGION) from error
