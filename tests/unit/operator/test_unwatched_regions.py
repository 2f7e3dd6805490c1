"""A person asks about a pool of a region that is not watched: it is not read, and the region is named."""

import pytest

from mailwarden.domain.operator.question import PoolNotSeen, Question
from mailwarden.presentation.answers.diagnosis import why_document
from tests.builders import pool_ref, unread
from tests.fakes.answers import asker
from tests.fakes.deployment import Deployment


@pytest.mark.parametrize("region", ["eu-north-1", None])
def test_a_pool_of_a_region_that_is_not_watched_is_not_read_and_the_region_is_named(region: str | None) -> None:
    deployment = Deployment()
    pool_id = "eu-north-1_Nowhere"
    # No role may read it: the error of the call would send the person the wrong way.
    deployment.pools.held[pool_ref("eu-north-1", pool_id=pool_id)] = unread("cognito-idp:DescribeUserPool")

    answered = asker(deployment).answer(Question(pool_id=pool_id, region=region))

    assert isinstance(answered, PoolNotSeen)
    assert answered.unwatched == ("eu-north-1",)
    assert answered.refused == ()
    document = why_document(answered, asked=Question(pool_id=pool_id, region=region))
    assert document["answer"] == "not known"
    assert document["not_watched"] == ["eu-north-1"]
