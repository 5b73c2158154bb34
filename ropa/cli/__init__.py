"""The command line: options in, the public functions' results out.

Exit codes: 0 done, 1 findings at or above ``--fail-on``, 2 could not run. Whatever stops a
command is one line on stderr; there is never a traceback. Only here is the clock read.
"""

import os
import sys
from collections.abc import Sequence

from ropa.cli.arguments import build_parser
from ropa.cli.commands import DONE, STOPPED, write_error
from ropa.errors import RopaError, describe_fault

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    try:
        options = build_parser().parse_args(arguments)
        code: int = options.run(options)
        sys.stdout.flush()
    except RopaError as error:
        return _stop(str(error))
    except KeyboardInterrupt:
        _stop("interrupted")
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone; what is left must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except MemoryError:
        return _stop("not enough memory for this register")
    except Exception as error:  # noqa: BLE001 - a traceback could show cells' text
        return _stop(f"a fault of ropa itself ({describe_fault(error)}): please report it")
    return code


def _stop(line: str) -> int:
    write_error(line)
    return STOPPED
