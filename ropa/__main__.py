"""``python -m ropa`` and the command ``ropa``."""

import sys

from ropa.cli import main

if __name__ == "__main__":
    sys.exit(main())
