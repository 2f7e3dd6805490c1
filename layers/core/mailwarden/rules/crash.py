"""Where a rule or a check crashed, as it is shown to people."""

from pathlib import PurePath


def place_of(error: Exception) -> str:
    """The kind of error and the line it came from. Its text stays out: it may quote a policy or an address."""
    name, trace = type(error).__name__, error.__traceback__
    if trace is None:
        return name
    while trace.tb_next is not None:
        trace = trace.tb_next
    return f"{name} at {PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
