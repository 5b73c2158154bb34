"""The command line: options in, the public functions' results out.

Exit codes: 0 done, 1 findings at or above ``--fail-on``, 2 could not run; 130 and 143 after Ctrl-C
and a request to end. Whatever stops a command is one line on stderr without any cell's text. Only
here is the clock read.

Set ``ROPA_DEBUG=1`` in the environment to see the traceback of a fault of ropa itself as well. It
may show texts of cells: do not pass it on as it is.
"""

import errno
import gc
import os
import sys
import traceback
from collections.abc import Sequence

from ropa.cli.arguments import build_parser
from ropa.cli.commands import DONE, STOPPED, write_error
from ropa.cli.signals import EndedError, raise_endings
from ropa.errors import RopaError, describe_fault

DEBUG = "ROPA_DEBUG"
"""The environment variable by which developers see a fault's traceback."""

_FULL = (errno.ENOSPC, errno.EFBIG)
_MADE = 50_000
"""Values made between two looks for cycles: a command makes many at once, and few cycles."""

_ALLOCATOR = "ARROW_DEFAULT_MEMORY_POOL"
"""The environment variable by which Arrow is told which allocator to take."""

_INTERRUPTED = 130
_ENDED = 128
"""What shells add a signal's number to."""


def main(arguments: Sequence[str] | None = None) -> int:  # noqa: PLR0911 - one for each end
    """Run a command and return its exit code."""
    settle_memory()
    try:
        with raise_endings():
            options = build_parser().parse_args(arguments)
            code: int = options.run(options)
            sys.stdout.flush()
    except RopaError as error:
        return _stop(str(error))
    except KeyboardInterrupt:
        _stop("interrupted")
        return _INTERRUPTED
    except EndedError as error:
        _stop("ended by the system")
        return _ENDED + error.number
    except BrokenPipeError:
        # The reader of our output has gone; what is left must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except MemoryError:
        return _stop("not enough memory for this register")
    except SystemExit:  # --help and --version have done their work
        raise
    except BaseException as error:  # noqa: BLE001 - a traceback, also of a Rust reader's panic, shows texts
        return _stop_unforeseen(error)
    return code


def settle_memory() -> None:
    """Settle how this process looks after its memory; before anything imports Arrow.

    Arrow takes the system's allocator, unless its own variable names one: a large register takes
    a tenth less with it, in the same time.
    """
    gc.set_threshold(_MADE)
    os.environ.setdefault(_ALLOCATOR, "system")


def _stop_unforeseen(error: BaseException) -> int:
    if isinstance(error, OSError) and error.errno in _FULL:
        # What is left must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _stop(f"the output cannot be written: {os.strerror(error.errno)}: make room for it")
    if os.environ.get(DEBUG):
        traceback.print_exc()
    return _stop(f"a fault of ropa itself ({describe_fault(error)}): please report it")


def _stop(line: str) -> int:
    write_error(line)
    return STOPPED
