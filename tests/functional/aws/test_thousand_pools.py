"""The writer against pools generated from the service model: EmailConfiguration changes, and nothing else does."""

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from botocore.model import OperationModel

from mailwarden.adapters.aws.raw_responses import unknown_members
from mailwarden.domain.readings import EmailConfiguration, SenderMode
from mailwarden.domain.repair.change_documents import email_document
from mailwarden.domain.repair.journal import Refused, Written
from tests.builders import ACCOUNT
from tests.functional.aws.harness import AFTER, REGION, Bench, repair
from tests.functional.aws.wire.cognito import Pool, temporary_validity
from tests.functional.aws.wire.generated_pools import PoolGenerator, input_paths, paths_of

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.type_defs import UpdateUserPoolRequestTypeDef

POOLS = 1000
MOVED = (
    AFTER,
    EmailConfiguration(
        sending_account=SenderMode.COGNITO_DEFAULT,
        source_arn=f"arn:aws:ses:us-west-2:{ACCOUNT}:identity/shop.example",
        reply_to="help@shop.example",
    ),
    EmailConfiguration(sending_account=SenderMode.COGNITO_DEFAULT, configuration_set="moved"),
)
# Changes with every write, or by itself.
MOVING = {"EmailConfiguration", "LastModifiedDate", "EstimatedNumberOfUsers"}


def test_a_thousand_generated_pools_keep_everything_but_their_email_configuration(bench: Bench) -> None:
    generator = pool_generator(bench)
    accepts = operation(bench, "UpdateUserPool").input_shape
    assert accepts is not None
    accepted = set(input_paths(accepts)) - NEVER_SENT
    nullable = frozenset(accepts.members) - {"UserPoolId", "PoolName"}
    present: set[str] = set()
    absent: set[str] = set()
    written = 0

    for seed in range(POOLS):
        pool, mfa = generator.generate(seed)
        bench.cognito.put(pool, mfa)
        bench.cognito.shows_as_null = nullable if seed % 7 == 0 else frozenset()
        expected, expected_mfa = settings(pool), copy.deepcopy(mfa)
        # A pool that sends MFA codes by mail can only be on DEVELOPER.
        change = repair(pool, AFTER if "EmailMfaConfiguration" in mfa else MOVED[seed % len(MOVED)])

        outcome = bench.writer.write(change, entry_id=f"entry-{seed}")

        assert settings(pool) == expected, f"seed {seed}"
        assert mfa == expected_mfa, f"seed {seed}"
        if bound_to_a_key(pool):
            assert isinstance(outcome, Refused), f"seed {seed}: {outcome}"
        else:
            assert outcome == Written(entry_id=f"entry-{seed}"), f"seed {seed}: {outcome}"
            assert pool["EmailConfiguration"] == email_document(change.after), f"seed {seed}"
            written += 1
            sent = set(paths_of(accepts, bench.cognito.updates[-1]))
            present |= sent
            absent |= accepted - sent
    assert written > POOLS * 0.95
    assert present == accepted
    assert absent == accepted - ALWAYS_SENT


def test_the_generated_pools_are_answers_that_the_model_knows(bench: Bench) -> None:
    generator, shape = pool_generator(bench), operation(bench, "DescribeUserPool").output_shape
    assert shape is not None

    strange = {
        path for seed in range(100) for path in unknown_members(shape, {"UserPool": generator.generate(seed)[0]})
    }

    assert strange == set()


def test_a_request_that_leaves_one_member_out_is_noticed_by_this_fake(bench: Bench) -> None:
    generator = pool_generator(bench)
    pool, _ = generator.generate(70)
    assert pool["UserPoolTags"]
    bench.cognito.put(pool)
    expected = settings(pool)
    bench.writer.write(repair(pool), entry_id="entry")
    whole = bench.cognito.updates[-1]

    lost = set()
    for name in whole.keys() - {"UserPoolId", "EmailConfiguration"}:
        send(bench, {member: value for member, value in whole.items() if member != name})
        if settings(pool) != expected:
            lost.add(name)
        send(bench, whole)

    assert lost == whole.keys() - {"UserPoolId", "PoolName", "EmailConfiguration", "Policies", "UserPoolTier"}


# UserPoolId, PoolName and the sender's mode are always sent; every pool has the rest.
ALWAYS_SENT = {
    "UserPoolId",
    "PoolName",
    "DeletionProtection",
    "LambdaConfig",
    "UserPoolTags",
    "VerificationMessageTemplate",
    "EmailConfiguration",
    "EmailConfiguration.EmailSendingAccount",
    "AdminCreateUserConfig",
    "Policies",
    "Policies.PasswordPolicy",
    "Policies.PasswordPolicy.MinimumLength",
    "Policies.PasswordPolicy.TemporaryPasswordValidityDays",
}
# Never sent, by design: each has a test of its own.
NEVER_SENT = {"MfaConfiguration", "AdminCreateUserConfig.UnusedAccountValidityDays", "LambdaConfig.KMSKeyID"} | {
    "KeyConfiguration",
    "KeyConfiguration.KeyType",
    "KeyConfiguration.KmsKeyArn",
}


def send(bench: Bench, request: Mapping[str, object]) -> None:
    bench.clients.cognito(REGION).update_user_pool(**cast("UpdateUserPoolRequestTypeDef", request))


def pool_generator(bench: Bench) -> PoolGenerator:
    described = operation(bench, "DescribeUserPool").output_shape
    mfa = operation(bench, "GetUserPoolMfaConfig").output_shape
    assert described is not None
    assert mfa is not None
    return PoolGenerator(described.members["UserPool"], mfa)


def operation(bench: Bench, name: str) -> OperationModel:
    return bench.clients.cognito(REGION).meta.service_model.operation_model(name)


def bound_to_a_key(pool: Pool) -> bool:
    triggers, key = pool.get("LambdaConfig"), pool.get("KeyConfiguration")
    is_own = isinstance(key, dict) and (key.get("KmsKeyArn") or key.get("KeyType") == "CUSTOMER_MANAGED_KEY")
    return bool(is_own) or (isinstance(triggers, dict) and "KMSKeyID" in triggers)


def settings(pool: Pool) -> dict[str, object]:
    """A pool's settings without its mail, written down independently of the product's own comparison."""
    kept = {name: value for name, value in copy.deepcopy(pool).items() if name not in MOVING}
    for name in ("SmsConfiguration", "UserPoolAddOns"):
        if kept.get(name) == {}:
            del kept[name]
    admin, policies = kept["AdminCreateUserConfig"], kept["Policies"]
    if isinstance(admin, dict) and isinstance(policies, dict) and temporary_validity(kept) is None:
        policies["PasswordPolicy"]["TemporaryPasswordValidityDays"] = admin["UnusedAccountValidityDays"]
    return kept
