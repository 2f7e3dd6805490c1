"""What the core needs from the world, in the words of the domain: one module for each role.

Adapters implement these ports; tests use fakes. Every reading is a value: a refused or throttled read is an
``Unreadable``, a thing that is not there a ``Missing``. Anything else that goes wrong is raised, so that Lambda retries
and then keeps the message in a dead-letter queue.
"""
