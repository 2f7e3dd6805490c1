"""The calls whose failures are counted are those for which Cognito declares that it could not send."""

import botocore.session

from mailwarden.inbound.cloudtrail.delivery_failures import FAILING_CALLS, FAILURE_CODES

# They write a configuration: such an error means that nothing was written, not that a message was lost.
CONFIGURING = frozenset({"CreateUserPool", "SetRiskConfiguration", "UpdateUserPool"})


def test_every_call_of_users_and_administrators_that_declares_one_of_the_errors_is_counted() -> None:
    model = botocore.session.get_session().get_service_model("cognito-idp")

    declaring = {
        name
        for name in model.operation_names
        if any(shape.name.startswith(FAILURE_CODES) for shape in model.operation_model(name).error_shapes)
    }

    assert declaring - CONFIGURING == FAILING_CALLS
