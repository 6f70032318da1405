"""One `@dbt_assets` per layer.

Belongs here: the factory. Must not go here: models, or anything that only one layer needs.
Concept: a blocking check stops what comes after an op, not the models inside it; so a layer is an op.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration.boundary import without_values
from orchestration.plots import with_plots
from orchestration.project import dbt_events, manifest, translator
from orchestration.resources import Platform
from orchestration.stages import built_layers, layer_selection


def layer_assets() -> list[dg.AssetsDefinition]:
    return [_layer(layer) for layer in built_layers()]


def _layer(layer: str) -> dg.AssetsDefinition:
    @dbt_assets(
        manifest=manifest(),
        select=" ".join(layer_selection(layer)),
        name=layer,
        dagster_dbt_translator=translator,
    )
    @without_values
    def models(context: dg.AssetExecutionContext, platform: Platform) -> Iterator[Any]:
        for event in dbt_events(context, platform.home):
            yield with_plots(context, platform.con, event)

    return models
