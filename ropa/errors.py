"""What stops the work: each error is one line that says what, where and what to do.

Bad data is never an exception; it becomes a finding. An exception means that the work cannot
proceed: no such file, not a workbook, encrypted, too large, a wrong option.
"""


class RopaError(Exception):
    """The work cannot proceed. ``str(error)`` is one line without any cell's text."""


class InputError(RopaError):
    """A file cannot be read: missing, empty, encrypted, broken, too large, of a wrong kind."""


class NotARegisterError(InputError):
    """A file can be read and is no record of processing activities."""


class UsageError(RopaError):
    """An option or argument is wrong."""


class OutputError(RopaError):
    """A report cannot be written where it was asked for."""


class RuleFailedWarning(RuntimeWarning):
    """A rule broke off by a fault of ours: the audit goes on and lists it as not evaluated."""


def describe_fault(error: BaseException) -> str:
    """Name an unforeseen exception and its innermost place in this package.

    Its text is left out: that may hold cells' text.
    """
    place, trace = "", error.__traceback__
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        if name.partition(".")[0] == __package__:
            place = f" in {name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}{place}"
