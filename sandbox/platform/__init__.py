"""Parts of the platform that MiniStack lacks: trails, buses, mappings, stacks, faults and the call list."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.control import Json, Route


def install() -> None:
    """Put the platform's seams in place; once, when the environment is isolated and MiniStack can be imported."""
    from sandbox.platform import metric_data, remembered, resource_types, security_hub, stacks
    from sandbox.platform.event_sources import mappings, queue_mapping
    from sandbox.platform.event_sources import permissions as mapping_permissions
    from sandbox.platform.events import bus_policies, buses, put_events, service_events
    from sandbox.platform.functions import async_failures, async_invocation, invocations
    from sandbox.platform.functions import logs as function_logs
    from sandbox.platform.functions import process as function_process
    from sandbox.platform.iam import authorization, organization, root_key, service_linked_role, table_policy
    from sandbox.platform.messaging import filter_policies, queue_actions, queues, subscriptions, topics
    from sandbox.platform.trail import delivery as trail_delivery
    from sandbox.platform.trail import history, stack_calls

    # Before the buses, which guard the way to functions.
    async_failures.install()
    async_invocation.install()
    authorization.install()
    bus_policies.install()
    buses.install()
    filter_policies.install()
    function_logs.install()
    function_process.install()
    history.install()
    invocations.install()
    mapping_permissions.install()
    mappings.install()
    metric_data.install()
    organization.install()
    put_events.install()
    queue_actions.install()
    queue_mapping.install()
    queues.install()
    remembered.install()
    resource_types.install()
    root_key.install()
    security_hub.install()
    service_events.install()
    service_linked_role.install()
    stack_calls.install()
    stacks.install()
    subscriptions.install()
    table_policy.install()
    topics.install()
    trail_delivery.install()


def wrap() -> None:
    """Wrap what is in place by now, the mail half's handlers too: faults inside, observation outside."""
    from sandbox.platform.calls import faults, observation
    from sandbox.platform.trail import delivery as trail_delivery

    faults.wrap()
    observation.wrap(trail_delivery.deliver)


def routes() -> "tuple[Route, ...]":
    """The control routes of this half."""
    from sandbox.control import Route
    from sandbox.platform.calls import call_list, faults, quotas
    from sandbox.platform.events import schedules, service_events
    from sandbox.platform.functions import invocations
    from sandbox.platform.functions import logs as function_logs
    from sandbox.platform.messaging import queues
    from sandbox.platform.trail import history

    def health(*_request: object) -> "Json":
        return {"status": "ok"}

    return (
        Route("GET", "/_sandbox/health", health, "Check that the box answers."),
        *call_list.routes(),
        *faults.routes(),
        *function_logs.routes(),
        *invocations.routes(),
        *history.routes(),
        *queues.routes(),
        *quotas.routes(),
        *schedules.routes(),
        *service_events.routes(),
    )
