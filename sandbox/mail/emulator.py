"""The typed edge to the emulator underneath: every other module of this half speaks to MiniStack through here."""

import datetime as dt
import importlib
import json
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, cast

type Answer = tuple[int, dict[str, str], bytes]
"""The result of a service handler of the emulator: status, headers, body."""

type Json = dict[str, Any]

type Handler = Callable[[Json], Answer]
"""A Cognito operation: the parsed request in, the answer out."""

type Untyped = Any
"""Something of the emulator or of botocore, which carry no types."""


def module(name: str) -> Untyped:
    """Give one of the emulator's modules, by its name below ``ministack``."""
    return importlib.import_module(f"ministack.{name}")


def account_id() -> str:
    """Give the account that the current call acts in (twelve digits)."""
    return cast("str", module("core.responses").get_account_id())


def region() -> str:
    """Give the region that the current call acts in."""
    return cast("str", module("core.responses").get_region())


def acting_in(account: str, region_name: str) -> AbstractContextManager[None]:
    """Pin account and region around a block that is not itself an API call (control requests)."""
    return cast("AbstractContextManager[None]", module("core.responses").request_scope(account, region_name))


def roles_enforced() -> bool:
    """Whether the emulator checks signatures and IAM policies."""
    return bool(module("app").AUTH)


def cognito_answer(data: Json) -> Answer:
    """Answer a Cognito call with success."""
    return cast("Answer", module("core.responses").json_response(data))


def cognito_error(code: str, message: str) -> Answer:
    """Answer a Cognito call with an error; all of Cognito's client errors are HTTP 400."""
    return cast("Answer", module("core.responses").error_response_json(code, message, 400))


def ses_v2_answer(data: Mapping[str, Any]) -> Answer:
    """Answer an SES v2 call with success."""
    return 200, {"Content-Type": "application/json"}, json.dumps(data).encode()


def ses_v2_error(code: str, message: str, status: int = 400) -> Answer:
    """Answer an SES v2 call with an error, in the wire form of the real service."""
    body = json.dumps({"message": message}).encode()
    return status, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": code}, body


def user_pools() -> Untyped:
    """Give the emulator's store of user pools, scoped by account and region."""
    return module("services.cognito")._user_pools


def configuration_set(account: str, region_name: str, name: str) -> Json | None:
    """Read a configuration set of an account and region, in the form GetConfigurationSet shows it."""
    record = module("services.ses_v2")._config_sets.get_scoped(account, region_name, name)
    return cast("Json | None", record)


def ip_pool_exists(account: str, region_name: str, name: str) -> bool:
    """Whether a dedicated IP pool of this name exists in an account and region; AWS's own always do."""
    pools = module("services.ses_v2")._dedicated_ip_pools
    return name.startswith("ses-") or bool(pools.contains_scoped(account, region_name, name))


def role_exists(account: str, name: str) -> bool:
    """Whether the account has an IAM role of this name."""
    return bool(module("services.iam")._roles.contains_scoped(account, None, name))


def function_policy(account: str, region_name: str, name: str) -> Json | None:
    """Read the resource-based policy of a Lambda function; None if there is no such function."""
    record = module("services.lambda_svc")._functions.get_scoped(account, region_name, name)
    return None if record is None else cast("Json", record["policy"])


def key_state(account: str, region_name: str, resource: str) -> str | None:
    """Read the state of a KMS key, named as ``key/ID`` or ``alias/NAME``; None if there is no such key."""
    kms = module("services.kms")
    kind, _, name = resource.partition("/")
    if kind == "alias":
        arn = f"arn:{partition_of(region_name)}:kms:{region_name}:{account}:{resource}"
        name = kms._aliases.get_scoped(account, region_name, arn, "")
    record = kms._keys.get_scoped(account, region_name, name)
    return None if record is None else cast("str", record["KeyState"])


@cache
def partition_of(region_name: str) -> str:
    """Give the partition of a region, as botocore knows it; ``aws`` for a region it does not know."""
    session = importlib.import_module("botocore.session").get_session()
    try:
        return cast("str", session.get_partition_for_region(region_name))
    except importlib.import_module("botocore.exceptions").UnknownRegionError:
        return "aws"


def new_id() -> str:
    """Make a new random id in the form of a UUID."""
    return str(uuid.uuid4())


def create_configuration_set(name: str) -> None:
    """Make a configuration set in the account and region of the current call."""
    module("services.ses_v2")._create_config_set(name, {})


def delete_configuration_set(name: str) -> bool:
    """Delete a configuration set of the current account and region; false if there is none."""
    return module("services.ses_v2")._config_sets.pop(name, None) is not None


def configuration_set_names() -> list[str]:
    """List the configuration sets of the current account and region."""
    return list(module("services.ses_v2")._config_sets)


def moment(text: str) -> float:
    """Read a time of the wire (seconds or ISO 8601) as seconds since 1970."""
    try:
        return float(text)
    except ValueError:
        return dt.datetime.fromisoformat(text).timestamp()


@cache
def service_model(service: str) -> Untyped:
    """Give botocore's model of a service."""
    return importlib.import_module("botocore.session").get_session().get_service_model(service)


def create_service_linked_role(service: str) -> None:
    """Make a service-linked role in the account of the current call."""
    module("services.iam")._create_service_linked_role({"AWSServiceName": [service]})


def tier_refusal(request: Json, pool: Json) -> Answer | None:
    """Refuse a feature plan that does not fit the features, by the emulator's own check."""
    cognito = module("services.cognito")
    current = cognito._user_pool_tier(pool)
    refused = cognito._user_pool_tier_error(
        request.get("UserPoolTier", current),
        request.get("UserPoolAddOns"),
        request.get("Policies", pool.get("Policies")),
        current,
    )
    return cast("Answer | None", refused)


def pool_of_client(client_id: str) -> Json | None:
    """Find the pool of an app client, in the account and region of the current call."""
    pools = (pool for pool in user_pools().values() if client_id in pool["_clients"])
    return cast("Json | None", next(pools, None))


def record_metric(namespace: str, name: str, value: float, dimensions: Mapping[str, str]) -> None:
    """Add a point of now to a metric of the account and region of the current block."""
    module("services.cloudwatch").record_metric(namespace, name, value, "None", dict(dimensions))


def record_point(namespace: str, name: str, value: float, at: float, dimensions: Mapping[str, str]) -> None:
    """Add a point of another time to a metric of the account and region of the current block."""
    cloudwatch = module("services.cloudwatch")
    point = {"Timestamp": at, "Value": value, "Unit": "None", "Dimensions": dict(dimensions)}
    cloudwatch._metric_bucket((namespace, name, cloudwatch._dims_key(dict(dimensions)))).append(point)


def forget_metrics(namespace: str, region_name: str | None) -> None:
    """Drop all series of a namespace, in one region or in all."""
    metrics = module("services.cloudwatch")._metrics
    for (account, place, key), _ in list(metrics.all_items()):
        if key[0] == namespace and region_name in (None, place):
            with acting_in(account, place):
                del metrics[key]


def publish_for_ses(topic_arn: str, message: str, source_arn: str, account: str) -> None:
    """Publish to a topic as SES does, if the topic is in the current region and its policy admits that."""
    sns = module("services.sns")
    if sns.topic_policy_allows(topic_arn, "ses.amazonaws.com", source_arn, account):
        sns.publish_internal(topic_arn, message, "Amazon SES Email Event Notification")


def parsed(answer: Answer) -> Json:
    """Read the JSON body of an answer."""
    return cast("Json", json.loads(answer[2] or b"{}"))
