"""Parts of the platform that MiniStack lacks: trails, buses, mappings, stacks, faults and the call list."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.control import Json, Route


def install() -> None:
    """Put the platform's seams in place; once, when the environment is isolated and MiniStack can be imported."""
    from sandbox.platform import (
        async_failures,
        async_invocation,
        authorization,
        buses,
        function_logs,
        function_process,
        mapping_permissions,
        mappings,
        metric_data,
        queue_actions,
        queue_mapping,
        queues,
        root_key,
        service_events,
        service_linked_role,
        stack_trail,
        stacks,
        table_policy,
        topics,
        trail_delivery,
    )

    # Before the buses, which guard the way to functions.
    async_failures.install()
    async_invocation.install()
    authorization.install()
    buses.install()
    function_logs.install()
    function_process.install()
    mapping_permissions.install()
    mappings.install()
    metric_data.install()
    queue_actions.install()
    queue_mapping.install()
    queues.install()
    root_key.install()
    service_events.install()
    service_linked_role.install()
    stack_trail.install()
    stacks.install()
    table_policy.install()
    topics.install()
    trail_delivery.install()


def wrap() -> None:
    """Wrap what is in place by now, the mail half's handlers too: faults inside, observation outside."""
    from sandbox.platform import faults, observing, trail_delivery

    faults.wrap()
    observing.wrap(trail_delivery.deliver)


def routes() -> "tuple[Route, ...]":
    """The control routes of this half."""
    from sandbox.control import Route
    from sandbox.platform import (
        calls,
        faults,
        function_logs,
        function_process,
        queues,
        quotas,
        schedules,
        service_events,
    )

    def health(*_request: object) -> "Json":
        return {"status": "ok"}

    return (
        Route("GET", "/_sandbox/health", health, "Check that the box answers."),
        *calls.routes(),
        *faults.routes(),
        *function_logs.routes(),
        *function_process.routes(),
        *queues.routes(),
        *quotas.routes(),
        *schedules.routes(),
        *service_events.routes(),
    )
