"""What the owner of an identity may say about a pool: statements of sending policies, by kind."""

from collections.abc import Mapping

from mailwarden.policy import LEGACY_PRINCIPAL
from tests.builders import ACCOUNT, OTHER_ACCOUNT, identity_ref, pool_ref

POOL, NEIGHBOR = pool_ref("ap-northeast-2"), pool_ref("ap-northeast-2", pool_id="ap-northeast-2_NEIGHBOR")
OREGON = identity_ref(region="us-west-2")
FROM = {"StringEquals": {"ses:FromAddress": OREGON.name}}
FROM_B = {"StringLike": {"ses:FromAddress": "b*"}}
OF_ACCOUNT = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
PLAIN = {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": POOL.arn}}
STATEMENTS: Mapping[str, dict[str, object]] = {
    "a wrong principal": {"Principal": {"Service": LEGACY_PRINCIPAL}, "Condition": PLAIN},
    "FROM that holds": {"Principal": {"Service": LEGACY_PRINCIPAL}, "Condition": {"ArnLike": PLAIN["ArnLike"]} | FROM},
    "FROM that fails": {"Condition": PLAIN | {"StringLike": {"ses:FromAddress": "billing@*"}}},
    "another account": {
        "Condition": {"StringEquals": {"aws:SourceAccount": OTHER_ACCOUNT}, "ArnLike": PLAIN["ArnLike"]}
    },
    "an unknown condition": {
        "Principal": {"Service": LEGACY_PRINCIPAL},
        "Condition": PLAIN | {"StringLike": {"aws:SourceVpce": "vpce-1"}},
    },
    "FROM for every pool of the account": {
        "Principal": {"Service": LEGACY_PRINCIPAL},
        "Condition": FROM | {"ArnLike": {"aws:SourceArn": f"arn:aws:cognito-idp:*:{ACCOUNT}:userpool/*"}},
    },
    "FROM for any source": {"Principal": {"Service": LEGACY_PRINCIPAL}, "Condition": FROM},
    "FROM for everybody": {"Principal": {"AWS": "*"}, "Condition": PLAIN | {"StringLike": {"ses:FromAddress": "b*"}}},
    "FROM for all but one": {
        "Principal": None,
        "NotPrincipal": {"AWS": ACCOUNT},
        "Condition": PLAIN | {"StringLike": {"ses:FromAddress": "b*"}},
    },
    "FROM for every service": {"Principal": {"Service": "*.amazonaws.com"}, "Condition": PLAIN | FROM_B},
    "every pool but this one": {"Condition": OF_ACCOUNT | {"ArnNotLike": {"aws:SourceArn": [NEIGHBOR.arn, POOL.arn]}}},
    "every pool but those of its region": {
        "Principal": {"Service": LEGACY_PRINCIPAL},
        "Condition": OF_ACCOUNT | {"StringNotLike": {"aws:SourceArn": f"arn:aws:cognito-idp:{POOL.region}:*"}},
    },
    "FROM for the account itself": {"Principal": {"AWS": ACCOUNT}, "Condition": PLAIN | FROM_B},
    "every pool but another one": {
        "Principal": {"Service": LEGACY_PRINCIPAL},
        "Condition": OF_ACCOUNT | {"ArnNotEquals": {"aws:SourceArn": NEIGHBOR.arn}},
    },
    "another pool": {"Condition": FROM | {"ArnLike": {"aws:SourceArn": NEIGHBOR.arn}}},
    "other actions": {"Action": "ses:Get*", "Condition": PLAIN | {"StringLike": {"ses:FromAddress": "b*"}}},
    "other principals": {"Principal": {"Service": "lambda.amazonaws.com"}, "Condition": FROM},
    "a Deny": {"Effect": "Deny", "Condition": {"StringLike": {"ses:FromAddress": "b*"}}},
}
