"""A program that runs commands: what they ask of the network, and the processes they start.

Usage: ``python unconnected_commands.py REGISTER FOLDER [probe]``. It prints, as JSON, each exit
code, the events of sockets that Python announces, and the arguments of each process. With
``probe`` it first asks for a connection by itself, which must then be told.
"""

from __future__ import annotations

import contextlib
import io
import json
import socket
import sys
from typing import Any

LOCAL = frozenset({"socket.gethostname"})
"""Events by which nothing leaves the machine."""


def main() -> None:
    """Run the commands."""
    register, folder, *probe = sys.argv[1:]
    asked: list[str] = []
    started: list[list[str]] = []

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(("socket.", "urllib.", "http.")) and event not in LOCAL:
            asked.append(event)
        elif event in {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"}:
            started.append([str(one) for one in arguments[1]])

    sys.addaudithook(watch)
    if probe:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", 9), timeout=1)
    from ropa.cli import main as run

    day = ("--as-of", "2026-09-30")
    commands = (
        ("inspect", register),
        ("audit", register, *day, "--out", f"{folder}/out"),
        ("verify", f"{folder}/out"),
        ("compare", f"{folder}/out", f"{folder}/out", "--json", "-"),
        ("convert", register, f"{folder}/house.xlsx"),
        ("graph", register, f"{folder}/flows.svg", *day),
        ("template", f"{folder}/blank.xlsx"),
        ("rules", "TRF-04", *day),
    )
    codes = {}
    for command in [] if probe else commands:
        with contextlib.redirect_stdout(io.StringIO()):
            codes[command[0]] = run(command)
    json.dump({"codes": codes, "asked": asked, "started": started}, sys.stdout)


if __name__ == "__main__":
    main()
