"""Wires adapters to ports: one module for each function, so that no function imports unused code.

While a function starts, the collection of garbage waits: imports make hundreds of thousands of objects and leave almost
none behind, and Python would go through them dozens of times.
"""

import gc

USUAL_THRESHOLDS = gc.get_threshold()
# More than a start makes. Not disabled: who imports a module and builds nothing keeps a collection, only a rare one.
gc.set_threshold(5_000_000, *USUAL_THRESHOLDS[1:])
