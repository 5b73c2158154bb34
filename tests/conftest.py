"""What all tests need."""

import signal
import threading


def pytest_sessionstart() -> None:
    """Take Ctrl-C where the tests were begun in the background, by a shell that ignores it there.

    A process begun by a test inherits that, and could not be asked to end.
    """
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if ignored and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
