"""Governance in a run: the consent ledger, with what the sources told merged into it.

Belongs here: assets over governance/. Must not go here: rules of consent.
Concept: DESIGN, section 3. The ledger is read once in a run; what is recorded meanwhile waits for the next.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration import runs
from orchestration.boundary import without_values
from orchestration.resources import Platform

CONSENTS = dg.AssetKey(["identity", "consent_decisions"])
HEARD = dg.AssetKey(["conformed", "int_consents"])


def governance_assets() -> list[dg.AssetsDefinition]:
    return [consents]


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            CONSENTS,
            deps=[HEARD],
            group_name="identity",
            description="The consent ledger: every decision that a source told or somebody recorded.",
            kinds={"sqlite", "duckdb"},
        )
    ]
)
@without_values
def consents(context: dg.AssetExecutionContext, platform: Platform) -> Iterator[dg.MaterializeResult]:
    from governance.consent_ledger import merge_consents

    merged = merge_consents(platform.home, platform.con)
    for reason, count in merged.set_aside.items():
        context.log.warning(f"{count} consent events are set aside: {reason}; `quarantine` lists them")
    counts = {"decisions": merged.decisions, "new": merged.new, "set_aside": merged.set_aside}
    runs.note(platform.home, platform.run.run_id, consents=counts)
    yield dg.MaterializeResult(
        CONSENTS, metadata={"dagster/row_count": merged.decisions, "new": merged.new, **merged.set_aside}
    )
