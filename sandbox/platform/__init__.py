"""What MiniStack lacks of the platform around the mail: trails, buses, mappings, stacks, faults and the call list.

| route | body → answer |
|---|---|
| `GET /_sandbox/health` | → status |
| `GET /_sandbox/calls?since=&service=&action=&role=&region=&source=` | → every AWS call after number `since`, \
refused ones too: sequence, time, source, service, action, region, resource, permissions, caller, role, status, error, \
milliseconds; filters are shell patterns; source is `client`, or who used a role: `mapping`, `lambda`, `events` |
| `POST /_sandbox/calls/reset` | → removed; the numbers go on |
| `POST /_sandbox/faults` | effect (`throttle`, `fail`: code, message, status; `stall`: seconds; `die`), when \
(`before`, `after`: stall, die), service, action, role, region (patterns), resource (substring), \
count (1; null: all) → fault |
| `GET`, `DELETE /_sandbox/faults`, `DELETE /_sandbox/faults/{id}` | → faults, with the ids of the requests they hit |
| `POST /_sandbox/queues/{name}/redeliver` | count, reverse, delaySeconds, containing → ids of what comes again |
| `POST /_sandbox/queues/{name}/inject` | bodies → ids of what was put there past the queue's policy |
| `POST /_sandbox/queues/{name}/release` | → ids of what is visible from now on, whatever it waited for |
| `POST /_sandbox/events` | region, source (`aws.*`), detail-type, detail, resources? → put on the default bus there |
| `POST /_sandbox/schedules/{name}/fire` | → the targets that were called as if their time had come |
| `GET /_sandbox/logs/{function}?lines=` | → its last lines: time, requestId, line |
"""

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
    from sandbox.platform import calls, faults, function_logs, function_process, queues, schedules, service_events

    def health(*_request: object) -> "Json":
        return {"status": "ok"}

    return (
        Route("GET", "/_sandbox/health", health),
        *calls.routes(),
        *faults.routes(),
        *function_logs.routes(),
        *function_process.routes(),
        *queues.routes(),
        *schedules.routes(),
        *service_events.routes(),
    )
