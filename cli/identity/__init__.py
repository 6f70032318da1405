"""`cdp identity`: who is who, for people who ask, judge and try out.

Belongs here: registering the commands; each kind has a file of its own. Must not go here: any rule (identity/).
"""

import typer

from cli.identity import crosswalk, history

app = typer.Typer(help="Who is who: resolve, explain, judge, look back.", no_args_is_help=True)
app.command("as-of")(history.as_of)
app.command("import-crosswalk")(crosswalk.import_crosswalk)
