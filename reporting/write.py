"""The report as a file below CDP_HOME.

Belongs here: where it is written, and that it is written whole. Must not go here: what it says (report.py).
"""

from pathlib import Path

from publishing.read import open_published
from reporting.report import report_page
from warehouse.home import Home


def write_report(home: Home, to: Path | None = None) -> Path:
    """Write the report on the current generation to a file, by default reports/<generation>.html; gives its path.

    Raises CdpError when nothing is published yet.
    """
    con = open_published(home)
    try:
        [(opened,)] = con.execute("select path from duckdb_databases() where database_name = 'published'").fetchall()
        generation = Path(opened).resolve().parent.name
        text = report_page(con, generation)
    finally:
        con.close()
    file = to or home.reports / f"{generation}.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    made = file.with_name(f".{file.name}.part")
    made.touch(mode=0o600)
    made.write_text(text, encoding="utf-8")
    made.replace(file)
    return file
