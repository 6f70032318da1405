"""Scoring: what customers will probably do, between who they are and their profiles.

Belongs here: the asset over scoring/. Must not go here: models, or their back-tests.
Concept: DESIGN, section 7; a score and its test are made in one run from one state of the data.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration import runs
from orchestration.boundary import without_values
from orchestration.resources import Platform

# identity_history is what the gate after identity holds back; the ledger is what scores are made of.
FACTS = [
    dg.AssetKey(["identity", "identity_history"]),
    dg.AssetKey(["identity", "int_customer_ledger"]),
    dg.AssetKey(["identity", "int_order_facts"]),
    dg.AssetKey(["identity", "int_subscription_facts"]),
]
DESCRIPTIONS = {
    "customer_scores": "Per customer, what the models foretell; null where a model failed its back-test.",
    "score_models": "Per score, this run's model, its back-test, and whether it is published.",
}


def scoring_assets() -> list[dg.AssetsDefinition]:
    return [scores]


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            dg.AssetKey(["scoring", table]),
            deps=FACTS,
            group_name="scoring",
            description=text,
            kinds={"duckdb", "scipy"},
        )
        for table, text in DESCRIPTIONS.items()
    ]
)
@without_values
def scores(platform: Platform) -> Iterator[dg.MaterializeResult]:
    from scoring.tables import score_customers

    verdicts = score_customers(platform.con, platform.run)
    runs.note(platform.home, platform.run.run_id, scores=verdicts)
    rows = platform.con.execute("select count(*) from scoring.customer_scores").fetchall()[0][0]
    yield dg.MaterializeResult(dg.AssetKey(["scoring", "customer_scores"]), metadata={"dagster/row_count": rows})
    yield dg.MaterializeResult(dg.AssetKey(["scoring", "score_models"]), metadata=verdicts)
