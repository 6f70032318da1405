"""Predictions streamed as a query are what Splink itself predicts, column by column."""

from pathlib import Path

import pytest

from benchmarks.crowd import load_crowd
from identity.matching.edges import score_edges
from identity.matching.linker import new_linker
from identity.matching.model import load_model, term_columns
from identity.matching.predictions import predictions_sql
from identity.roles import platform_roles
from warehouse.connection import connect
from warehouse.home import Home


@pytest.mark.parametrize("records", [500, pytest.param(1_500, marks=pytest.mark.long)])
def test_a_query_predicts_what_splink_predicts(tmp_path: Path, records: int) -> None:
    """Of every pair of the crowd: a hundred thousand, or a million."""
    home = Home(tmp_path).prepare()
    con = connect(home)
    load_crowd(con, records)
    score_edges(home, con)
    model = load_model(home, platform_roles())
    assert model
    assert len(term_columns(model.settings)) > 2

    con.execute("create temp table ours as from " + predictions_sql(model.settings, "from candidate"))

    con.execute("create temp table comparable as select record_no as unique_id, * exclude (record_no) from person")
    linker = new_linker(con, model.settings)
    for column in term_columns(model.settings):
        con.execute(
            f"create temp table term_{column} as "
            f"select value as {column}, frequency as tf_{column} from term where field = '{column}'"
        )
        lookup = linker._db_api.register(con.table(f"term_{column}"))
        linker.table_management.register_term_frequency_lookup(lookup, column)
    con.execute(
        "create temp table blocked as "
        "select rule as match_key, record_no_l as join_key_l, record_no_r as join_key_r from candidate"
    )
    linker.table_management.register_blocked_pairs_for_predict(linker._db_api.register(con.table("blocked")))
    theirs = linker.inference.predict(warning_mode="never").physical_name

    names = [row[0] for row in con.execute(f"describe {theirs}").fetchall()]
    asked = ", ".join(name for name in names if name.startswith(("unique_id_", "gamma_", "mw_", "match_")))
    assert con.execute("select count(*) from ours").fetchall()[0][0] > 100_000
    for one, other in (("ours", theirs), (theirs, "ours")):
        assert con.execute(f"select {asked} from {one} except select {asked} from {other} limit 3").fetchall() == []
    con.close()
