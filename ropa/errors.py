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
