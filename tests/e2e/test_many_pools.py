"""The cost of one event does not depend on the number of pools."""

from collections import Counter

from tests.e2e.box import Json
from tests.e2e.people import Pool, default_sender, developer, pools_of, sending_policy
from tests.e2e.stage import Stage

VIRGINIA, PARIS = "us-east-1", "eu-west-3"
FEW, MANY = 5, 500
MOST_READS = 7


def test_the_reads_of_a_pool_event_are_the_same_with_5_and_with_500_pools(stage: Stage) -> None:
    identity = stage.people.identity(PARIS)
    old = stage.people.identity(VIRGINIA, name=identity.name, tags={})
    address = stage.people.address(PARIS)
    stage.people.attach(address, sending_policy(address, pools_of(stage.box, PARIS)))
    sound = stage.known(stage.people.pool(PARIS, developer(identity)))
    custom_from = stage.known(stage.people.pool(PARIS, default_sender(address)))
    # Exempt, so that it stays outside its regions and each look reads where it could go.
    misplaced = stage.known(stage.people.pool(PARIS, developer(identity), UserPoolTags={"mailwarden": "report"}))
    stage.people.legacy(misplaced, developer(old))
    pools = (sound, custom_from, misplaced)

    add_pools(stage, FEW - len(pools))
    with_few = [reads_of_an_event(stage, pool) for pool in pools]
    add_pools(stage, MANY - FEW)
    with_many = [reads_of_an_event(stage, pool) for pool in pools]
    remove_pools(stage, keep=pools)

    assert with_few == with_many
    assert [sum(reads.values()) for reads in with_many] == [4, 3, 6]
    assert max(sum(reads.values()) for reads in with_many) <= MOST_READS
    assert all(reads["cognito-idp:DescribeUserPool"] == 1 for reads in with_many)
    assert all("cognito-idp:ListUserPools" not in reads for reads in with_many)


def reads_of_an_event(stage: Stage, pool: Pool) -> Counter[str]:
    """The AWS reads of `inspect` for one event about a pool."""
    looks, mark = len(stage.records.looks(pool.arn)), stage.box.mark()
    stage.people.touch(pool)
    stage.look_after(pool, looks)
    calls: list[Json] = stage.box.calls(since=mark, role=stage.box.role("inspect"), source="client")
    return Counter(
        f"{call['service']}:{call['action']}" for call in calls if call["service"] in {"cognito-idp", "ses", "iam"}
    )


def add_pools(stage: Stage, count: int) -> None:
    """Pools that existed before the deployment."""
    cognito = stage.box.client("cognito-idp", PARIS)
    with stage.box.without_events():
        for _ in range(count):
            cognito.create_user_pool(PoolName="one-of-many")


def remove_pools(stage: Stage, *, keep: tuple[Pool, ...]) -> None:
    cognito, kept = stage.box.client("cognito-idp", PARIS), {pool.pool_id for pool in keep}
    pages = cognito.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 60})
    found = [pool["Id"] for page in pages for pool in page["UserPools"]]
    with stage.box.without_events():
        for pool_id in found:
            if pool_id not in kept:
                cognito.delete_user_pool(UserPoolId=pool_id)
