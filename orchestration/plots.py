"""Plots on the page of the metrics' asset.

Belongs here: SVGs as Dagster's metadata. Must not go here: what is drawn (identity/watching/plots.py).
Concept: Dagster shows Markdown metadata, and in it images that bring their own bytes; nothing is loaded from elsewhere.
"""

from base64 import b64encode
from typing import Any

import dagster as dg
import duckdb

PLOTTED = dg.AssetKey(["identity", "int_identity_metrics"])


def with_plots(context: dg.AssetExecutionContext, con: duckdb.DuckDBPyConnection, event: Any) -> Any:
    """The event of dbt; with all plots in one entry where it says that the metrics were built."""
    if not isinstance(event, dg.Output) or context.asset_key_for_output(event.output_name) != PLOTTED:
        return event
    from identity.watching.plots import plots

    shown = "\n\n".join(_image(title, svg) for title, svg in plots(con).items())
    return event.with_metadata({**event.metadata, "plots": dg.MetadataValue.md(shown)})


def _image(title: str, svg: str) -> str:
    return f"![{title}](data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})"
