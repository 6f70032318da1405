"""Splink's predictions as a query: what it would keep of every pair, streamed into what is made of them.

Belongs here: Splink's own SQL for comparing and weighing pairs. Must not go here: what the weights mean
(explanations.py, probabilistic.py), training (training.py).
Concept: `Linker.inference.predict` keeps a row of a hundred columns per pair, and of five pairs four are worth nothing.
The same SQL as part of a larger query keeps the few columns of the one pair that may count: in half the time.
"""

from typing import Any

from identity.matching.model import term_columns


def predictions_sql(settings: dict[str, Any], pairs: str) -> str:
    """Splink's predictions as a query in brackets: unique_id_l, unique_id_r, match_key, gamma_*, mw_*, mw_tf_adj_* and
    the columns that were compared, and the source; what is not asked for is not computed.

    pairs: a query of record_no_l, record_no_r and rule. Reads `person`, and `term` (field, value, frequency).
    """
    from splink import SettingsCreator
    from splink.internals.comparison_vector_values import compute_comparison_vector_values_from_id_pairs_sqls
    from splink.internals.predict import predict_from_comparison_vectors_sqls_using_settings

    splink = SettingsCreator.from_path_or_dict(settings | {"additional_columns_to_retain": ["source"]}).get_settings(
        "duckdb"
    )
    compared = compute_comparison_vector_values_from_id_pairs_sqls(
        splink._columns_to_select_for_blocking,
        splink._columns_to_select_for_comparison_vector_values,
        input_tablename_l="with_terms",
        input_tablename_r="with_terms",
        source_dataset_input_column=splink.column_info_settings.source_dataset_input_column,
        unique_id_input_column=splink.column_info_settings.unique_id_input_column,
        link_type=splink._link_type,
        sql_dialect_str="duckdb",
    )
    weighed = predict_from_comparison_vectors_sqls_using_settings(splink)
    steps = [
        ("with_terms", _with_terms_sql(settings)),
        (
            "__splink__blocked_id_pairs",
            f"select rule as match_key, record_no_l as join_key_l, record_no_r as join_key_r from ({pairs})",
        ),
        *((step["output_table_name"], step["sql"]) for step in [*compared, *weighed]),
    ]
    *_, (last, _) = steps
    return f"(with {', '.join(f'{name} as ({sql})' for name, sql in steps)} from {last})"


def _with_terms_sql(settings: dict[str, Any]) -> str:
    columns = term_columns(settings)
    joins = " ".join(
        f"left join term as of_{column} on of_{column}.field = '{column}' and {column} = of_{column}.value"
        for column in columns
    )
    frequencies = "".join(f", of_{column}.frequency as tf_{column}" for column in columns)
    return f"select record_no as unique_id, person.*{frequencies} from person {joins}"
