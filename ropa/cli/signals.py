"""What ends a program from outside, as an exception: what is half done is tidied up on the way."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ENDING = ("SIGTERM", "SIGHUP")
"""By these a system asks a program to end: at shutdown, or when its terminal is closed."""


class EndedError(BaseException):
    """The system asked the program to end. No `Exception`, so that nothing takes it for a fault."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def raise_endings() -> Iterator[None]:
    """Raise `EndedError` when the system asks this process to end.

    Signals that are ignored, or that somebody else handles, stay so; in another than the main
    thread nothing is changed.
    """
    names = _ENDING if threading.current_thread() is threading.main_thread() else ()
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    taken = [one for one in numbers if signal.getsignal(one) is signal.SIG_DFL]
    for one in taken:
        signal.signal(one, _raise)
    try:
        yield
    finally:
        for one in taken:
            signal.signal(one, signal.SIG_DFL)


def _raise(number: int, _: object) -> None:
    signal.signal(number, signal.SIG_IGN)  # a second one must not break off the tidying up
    raise EndedError(number)
