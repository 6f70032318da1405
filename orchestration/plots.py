"""Plots on the page of the metrics' asset.

Belongs here: an SVG as Dagster's metadata. Must not go here: what is drawn (identity/plots.py).
Concept: Dagster shows Markdown metadata, and in it images that bring their own bytes; nothing is loaded from elsewhere.
"""

from base64 import b64encode
from typing import Any

import dagster as dg
import duckdb

PLOTTED = dg.AssetKey(["identity", "platform_metrics"])


def with_plots(context: dg.AssetExecutionContext, con: duckdb.DuckDBPyConnection, event: Any) -> Any:
    """The event of dbt; with plots where it says that the metrics were built."""
    if not isinstance(event, dg.Output) or context.asset_key_for_output(event.output_name) != PLOTTED:
        return event
    from identity.plots import plots

    return event.with_metadata({**event.metadata, **{title: _shown(title, svg) for title, svg in plots(con).items()}})


def _shown(title: str, svg: str) -> dg.MarkdownMetadataValue:
    return dg.MetadataValue.md(f"![{title}](data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})")
