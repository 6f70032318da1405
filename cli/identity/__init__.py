"""`cdp identity`: who is who, for people who ask, judge and try out.

Belongs here: registering the commands; each kind has a file of its own. Must not go here: any rule (identity/).
"""

import typer

from cli.identity import crosswalk, explain, history, judge, preview, resolve, review, train

app = typer.Typer(help="Who is who: resolve, explain, judge, preview, look back.", no_args_is_help=True)
app.command("resolve")(resolve.resolve)
app.command("score")(resolve.score)
app.command("preview")(preview.preview)
app.command("train")(train.train)
app.command("explain")(explain.explain)
app.command("judge")(judge.judge)
app.command("judgements")(judge.judgements)
app.command("undo")(judge.undo)
app.command("review")(review.review)
app.command("as-of")(history.as_of)
app.command("import-crosswalk")(crosswalk.import_crosswalk)
