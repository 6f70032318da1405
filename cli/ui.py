"""`cdp ui`: Dagster's pages over the platform.

Belongs here: starting the server on loopback. Must not go here: what it shows.
"""

import os
import signal
import socket
import sys
from typing import Annotated

import typer

from warehouse.errors import CdpError
from warehouse.home import PROJECT, Home


def ui(port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 3000) -> None:
    """Open the asset graph: run everything or one layer, see counts, gates and history.

    Example: cdp ui
    """
    from orchestration.instance import open_instance
    from warehouse.dbt import ensure_parsed

    _check_free(port)
    home = Home.from_environment()
    open_instance(home).dispose()
    ensure_parsed(home)
    os.environ["CDP_HOME"] = str(home.root)
    print(f"Dagster's pages: http://127.0.0.1:{port} (Ctrl-C ends it)", flush=True)
    os.chdir(PROJECT)
    # a shell's background job is born deaf to Ctrl-C, and Dagster hears SIGTERM as it hears Ctrl-C
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    command = [sys.executable, "-W", "ignore", "-m", "dagster", "dev", "--host", "127.0.0.1", "--port", str(port)]
    os.execv(sys.executable, [*command, "--log-level", "warning"])


def _check_free(port: int) -> None:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError as error:
            raise CdpError(
                f"Port {port} cannot be listened on: {error.strerror}",
                remedy="Name another, such as `cdp ui --port 3001`, or end what listens there.",
            ) from None
