"""Each role may do exactly what rules and adapters declare and the function's own plumbing needs: no more, no less."""

import pytest

from mailwarden.rules import ALL, SETTINGS_RULE, TRAIL_RULE
from tests.infrastructure.roles import ROLE, difference, functions, grants_of, holders, role_of, shared_policies
from tests.infrastructure.templates import HOME, as_list, template
from tests.permissions import (
    LIST_APP_CLIENTS,
    LIST_POOLS,
    LIST_SUPPRESSED,
    LOOK_UP_CALLS,
    LOOK_UP_SUPPRESSED,
    LOOKING,
    READ_FIGURES,
    READ_SES_ACCOUNTS,
    READ_STACKS,
    READ_TRAILS,
    REMOVE_SUPPRESSED,
    UNDO_POLICIES,
    WRITE_EMAIL_ROLE,
    WRITE_POLICIES,
    WRITE_POOLS,
    WRITE_RISKS,
    Permission,
)

# What is looked at and written, as opposed to the function's own queues, tables, topic, secret and log.
WATCHED_SERVICES = frozenset({"cognito-idp", "ses", "iam", "cloudformation", "cloudtrail", "cloudwatch"})

DECLARED: dict[str, tuple[Permission, ...]] = {
    "inspect": (*LOOKING, *LIST_POOLS, *READ_STACKS),
    "repair": (*LOOKING, *READ_STACKS, *LOOK_UP_CALLS, *WRITE_POOLS, *WRITE_POLICIES, *WRITE_EMAIL_ROLE),
    "sweep": (*LIST_POOLS, *READ_TRAILS),
    "tally": (*LIST_POOLS, *LIST_APP_CLIENTS),
    "reputation": (*READ_FIGURES, *READ_SES_ACCOUNTS, *LIST_SUPPRESSED),
    "ask": (*LOOKING, *READ_STACKS, *LOOK_UP_SUPPRESSED),
    "operate": (*LOOKING, *READ_STACKS, *WRITE_POOLS, *WRITE_RISKS, *UNDO_POLICIES, *REMOVE_SUPPRESSED),
    "announce": (),
    "slack": (),
}

# Lambda developer guide: execution role permissions for SQS and for DynamoDB streams, and for failure destinations.
HIDES = "sqs:ChangeMessageVisibility"
TAKES = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
FOLLOWS = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams")
LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
SENDS = ("sqs:SendMessage",)
# A transaction needs the permissions of its parts: the looks' index drops entries, the budgets count up.
KEEPS_LOOKS = ("dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query")
READS_SETTINGS = {
    "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${SettingsParameterName}": (
        "ssm:GetParameter",
        "ssm:GetParameterHistory",
    )
}

DEFAULT_BUS = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default"
OWN_PRODUCT = "arn:${AWS::Partition}:securityhub:${AWS::Region}:${AWS::AccountId}:product/${AWS::AccountId}/default"

PLUMBING: dict[str, dict[str, tuple[str, ...]]] = {
    "inspect": {
        "${HintsQueue.Arn}": (*TAKES, *SENDS, HIDES),
        "${RepairsQueue.Arn}": SENDS,
        "${LedgerTable.Arn}": (*KEEPS_LOOKS, "dynamodb:UpdateItem"),
        **READS_SETTINGS,
        "${InspectLogs.Arn}": LOGS,
    },
    "repair": {
        "${RepairsQueue.Arn}": (*TAKES, *SENDS, HIDES),
        "${HintsQueue.Arn}": SENDS,
        "${LedgerTable.Arn}": (*KEEPS_LOOKS, "dynamodb:UpdateItem"),
        "${LedgerTable.Arn}/index/fixes": ("dynamodb:Query",),
        "${JournalTable.Arn}": ("dynamodb:GetItem", "dynamodb:PutItem"),
        **READS_SETTINGS,
        "${RepairLogs.Arn}": LOGS,
    },
    "sweep": {
        "${HintsQueue.Arn}": SENDS,
        "${FunctionFailures.Arn}": SENDS,
        "${LedgerTable.Arn}": ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"),
        "${LedgerTable.Arn}/index/open": ("dynamodb:Query",),
        **READS_SETTINGS,
        "${SweepLogs.Arn}": LOGS,
    },
    "tally": {
        "${DeliveryFailuresQueue.Arn}": (HIDES, *TAKES),
        "${FeedbackQueue.Arn}": (HIDES, *TAKES),
        "${HintsQueue.Arn}": SENDS,
        # A mark and its counts are written in one transaction.
        "${LedgerTable.Arn}": ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"),
        **READS_SETTINGS,
        "${TallyLogs.Arn}": LOGS,
    },
    "reputation": {
        "${HintsQueue.Arn}": SENDS,
        "${FunctionFailures.Arn}": SENDS,
        "${LedgerTable.Arn}": (
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
        ),
        **READS_SETTINGS,
        "${ReputationLogs.Arn}": LOGS,
    },
    "ask": {
        "${LedgerTable.Arn}": ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"),
        "${JournalTable.Arn}": ("dynamodb:BatchGetItem", "dynamodb:GetItem"),
        "${LedgerTable.Arn}/index/awaiting": ("dynamodb:Query",),
        "${JournalTable.Arn}/index/by_month": ("dynamodb:Query",),
        "${JournalTable.Arn}/index/by_resource": ("dynamodb:Query",),
        **READS_SETTINGS,
        "${AskLogs.Arn}": LOGS,
    },
    "operate": {
        "${HintsQueue.Arn}": SENDS,
        "${LedgerTable.Arn}": (*KEEPS_LOOKS, "dynamodb:UpdateItem"),
        "${JournalTable.Arn}": ("dynamodb:GetItem", "dynamodb:PutItem"),
        "${JournalTable.Arn}/index/by_resource": ("dynamodb:Query",),
        **READS_SETTINGS,
        "${OperateLogs.Arn}": LOGS,
    },
    "announce": {
        "${LedgerTable.Arn}/stream/*": FOLLOWS,
        "${LedgerTable.Arn}": (*KEEPS_LOOKS, "dynamodb:UpdateItem"),
        "${LedgerTable.Arn}/index/awaiting": ("dynamodb:Query",),
        **dict.fromkeys(("${AlertsTopic}", "${NotificationsTopic}"), ("sns:Publish",)),
        "${ChatQueue.Arn}": SENDS,
        DEFAULT_BUS: ("events:PutEvents",),
        OWN_PRODUCT: ("securityhub:BatchImportFindings",),
        "${FunctionFailures.Arn}": SENDS,
        "${AnnounceLogs.Arn}": LOGS,
    },
    "slack": {
        "${ChatQueue.Arn}": (*TAKES, HIDES),  # a message that Slack puts off stays hidden for as long as it asks
        **dict.fromkeys(("${SlackWebhookSecretArn}", "${SlackTokenSecretArn}"), ("secretsmanager:GetSecretValue",)),
        **READS_SETTINGS | {"${LedgerTable.Arn}": ("dynamodb:GetItem", "dynamodb:PutItem"), "${SlackLogs.Arn}": LOGS},
    },
}

# The actions of ours for which the Service Authorization Reference lists no resource type.
SUPPORT_NO_RESOURCE = frozenset(
    {
        *("cloudtrail:DescribeTrails", "cloudtrail:LookupEvents", "cloudwatch:GetMetricData"),
        "cognito-idp:DescribeUserPoolDomain",
        "cognito-idp:ListUserPools",
        "ses:DeleteSuppressedDestination",
        "ses:GetAccount",
        "ses:GetSuppressedDestination",
        "ses:ListSuppressedDestinations",
    }
)


@pytest.mark.parametrize("function", functions())
def test_a_role_may_do_what_is_declared_and_nothing_else(function: str) -> None:
    declared = {(permission.action, permission.resource) for permission in DECLARED[function]}
    plumbing = {(action, resource) for resource, actions in PLUMBING[function].items() for action in actions}

    granted = {(grant.action, grant.resource) for grant in grants_of(role_of(function))}

    assert granted == declared | plumbing, difference(function, granted, declared | plumbing)


@pytest.mark.parametrize("function", functions())
def test_a_role_holds_the_conditions_that_are_declared(function: str) -> None:
    conditions = {(grant.action, grant.resource): grant.condition for grant in grants_of(role_of(function))}

    for permission in DECLARED[function]:
        held = conditions[permission.action, permission.resource]
        for operator, keys in permission.condition.items():
            assert held[operator] == keys


def test_the_rules_declare_what_looking_and_writing_need() -> None:
    reads = frozenset[str]().union(*(rule.reads for rule in ALL))
    writes = frozenset[str]().union(*(rule.writes for rule in ALL))
    permissions = (*WRITE_POOLS, *WRITE_POLICIES, *WRITE_EMAIL_ROLE)
    written = {permission.action for permission in permissions if not permission.dependent_on}

    assert ALL
    assert reads == {permission.action for permission in LOOKING}, "LOOKING has what rules read, and no more"
    # What a writer reads of its own resource, before and after, no rule declares.
    assert writes == written - reads


def test_only_repair_can_write_to_what_is_watched_and_operate_undo_that_and_clear_suppression_lists() -> None:
    reading = ("Describe", "Get", "List")
    writes = {
        function: {
            grant.action
            for grant in grants_of(role_of(function))
            if grant.service in WATCHED_SERVICES and not grant.action.partition(":")[2].startswith(reading)
        }
        for function in functions()
    }

    assert {function for function, actions in writes.items() if actions} == {"repair", "operate"}
    # It gives back a former configuration and takes grants away; it creates no policy.
    undoes = {permission.action for permission in (*WRITE_POOLS, *WRITE_RISKS, *UNDO_POLICIES, *REMOVE_SUPPRESSED)}
    assert writes["operate"] == {action for action in undoes if not action.partition(":")[2].startswith(reading)}


def test_a_star_stands_only_where_aws_supports_no_resource() -> None:
    for role in template(HOME).of_type(ROLE):
        for grant in grants_of(role):
            assert "*" not in grant.action
            if grant.resource == "*":
                assert grant.action in SUPPORT_NO_RESOURCE, grant
            else:
                assert grant.resource.startswith(("arn:${AWS::Partition}:", "${")), grant
                assert grant.action not in SUPPORT_NO_RESOURCE, grant


def test_pools_and_stacks_are_asked_for_in_watched_regions_only() -> None:
    """An identity may be in a region that is not watched, and IAM has no region; MW910 counts pools everywhere."""
    for function in functions():
        for grant in grants_of(role_of(function)):
            if (function, grant.action) == ("sweep", "cognito-idp:ListUserPools"):
                assert not grant.condition, grant
                continue
            if grant.service in {"cognito-idp", "cloudformation"}:
                assert grant.condition == {"StringEquals": {"aws:RequestedRegion": "${WatchedRegions} by ,"}}, grant
            if grant.service == "ses":
                assert not grant.condition, grant


def test_a_role_is_for_its_own_service_and_has_no_policy_of_somebody_else() -> None:
    for logical_id, role in template(HOME).of_type(ROLE).items():
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        service = "events.amazonaws.com" if logical_id == "EventForwardingRole" else "lambda.amazonaws.com"
        assert statement["Principal"] == {"Service": service}
        assert set(role.get("ManagedPolicyArns", [])) <= {f"${{{policy}}}" for policy in shared_policies()}
        assert "RoleName" not in role


@pytest.mark.parametrize("policy", shared_policies())
def test_a_policy_of_its_own_is_shared_or_breaks_a_cycle(policy: str) -> None:
    properties = template(HOME).properties(policy)

    assert len(holders(policy)) > 1 or "${JournalTable" in str(properties)
    # A role that lists its policies is complete before its function exists; a policy that names roles comes after them.
    assert ("Roles" in properties) == ("${JournalTable" in str(properties))
    for role in properties.get("Roles", []):
        function = role.removeprefix("${").removesuffix("Role}") + "Function"
        assert policy in as_list(template(HOME).resources[function]["DependsOn"])


@pytest.mark.parametrize("role", template(HOME).of_type(ROLE))
def test_nothing_is_allowed_twice(role: str) -> None:
    allowed = [(grant.action, grant.resource) for grant in grants_of(role)]

    assert len(allowed) == len(set(allowed))


def test_every_statement_says_in_its_name_what_it_is_for() -> None:
    for role in template(HOME).of_type(ROLE):
        sids = [grant.sid for grant in grants_of(role)]
        assert all(sid.isalnum() and sid[0].isupper() for sid in sids)
        assert role == "EventForwardingRole" or "WriteLogs" in sids


def test_each_function_has_a_role_and_a_log_of_its_own() -> None:
    roles = [role_of(function) for function in functions()]

    assert len(set(roles)) == len(roles)
    for function in functions():
        logs = {grant.resource for grant in grants_of(role_of(function)) if grant.service == "logs"}
        assert logs == {f"${{{function.capitalize()}Logs.Arn}}"}


def test_the_journal_refuses_everybody_but_repair_and_operate_and_lets_nobody_change_anything() -> None:
    statements = {
        statement["Sid"]: statement
        for statement in template(HOME).properties("JournalTable")["ResourcePolicy"]["PolicyDocument"]["Statement"]
    }
    adds, changes = statements["DenyOtherWriters"], statements["DenyChanges"]

    assert adds["Effect"] == changes["Effect"] == "Deny"
    assert adds["Principal"] == changes["Principal"] == "*"
    assert adds["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": ["${RepairRole.Arn}", "${OperateRole.Arn}"]}}
    assert "Condition" not in changes
    assert set(as_list(adds["Action"])) == {"dynamodb:PutItem", "dynamodb:PartiQLInsert"}
    assert set(changes["Action"]) == {
        "dynamodb:BatchWriteItem",
        "dynamodb:DeleteItem",
        "dynamodb:PartiQLDelete",
        "dynamodb:PartiQLUpdate",
        "dynamodb:UpdateItem",
    }


def test_what_the_rules_about_the_watch_read_is_what_the_sweep_may_read() -> None:
    granted = {grant.action for grant in grants_of(role_of("sweep"))}

    assert {permission.action for permission in READ_TRAILS} == TRAIL_RULE.reads
    assert SETTINGS_RULE.reads <= granted
    assert not TRAIL_RULE.writes | SETTINGS_RULE.writes
