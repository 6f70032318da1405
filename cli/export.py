"""`cdp export`: copies for tools that do not read DuckDB.

Belongs here: the command. Must not go here: writing the files (publishing/export.py).
"""

from pathlib import Path
from typing import Annotated

import typer

from warehouse.home import Home

app = typer.Typer(help="Copy what is published into other formats.", no_args_is_help=True)


@app.callback()
def formats() -> None:
    """Copy what is published into other formats."""


@app.command()
def parquet(
    out: Annotated[Path | None, typer.Option(help="Folder; by default below CDP_HOME/exports.")] = None,
    table: Annotated[list[str] | None, typer.Option(help="Only this table; may be repeated.")] = None,
    restricted: Annotated[bool, typer.Option("--restricted", help="With personal values; files are 0600.")] = False,
) -> None:
    """Every published table as a Parquet file, with a manifest of sha256 sums.

    Example: cdp export parquet --out exports/
    """
    from publishing.export import export_parquet

    folder = export_parquet(Home.from_environment(), out, tables=table or None, restricted=restricted)
    files = sorted(folder.glob("*.parquet"))
    print(f"{len(files)} files, {sum(file.stat().st_size for file in files):,} bytes, in {folder}")
