"""What dbt's connections get beside their profile: our settings, the cleaning functions, the previous generation.

Belongs here: configuring dbt-duckdb's connections. Must not go here: the functions themselves (standardise/,
segmentation/form.py).
Concept: dbt-duckdb plugins, loaded by profiles.yml.
"""

from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

import standardise
from publishing.previous import attach_previous
from segmentation import form
from warehouse.connection import apply_settings
from warehouse.home import Home


class Plugin(BasePlugin):
    """Registered once per process; every thread of dbt works on a cursor of the connection configured here."""

    def configure_connection(self, conn: Any) -> None:
        home = Home.from_environment()
        apply_settings(conn, home)
        attach_previous(conn, home)
        standardise.register(conn)
        form.register(conn)
