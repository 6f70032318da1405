"""The edges stage: hygiene, deterministic tiers and the model's scores as one row per pair; beside them, verdicts.

Belongs here: the union of all kinds of edge, and edges of devices. Must not go here: how a pair is scored
(probabilistic.py), what was judged (judging/judgements.py), who ends up together (clustering/clusters.py).
Concept: an edge is scored once and says why: rule, weight in bits, evidence per field without any value.
"""

from collections.abc import Callable
from datetime import datetime

import duckdb

from identity.judging.judgements import judged_edges_sql, take_snapshot
from identity.matching.candidates import plan_blocking, settle_caps
from identity.matching.contacts import settle_contacts
from identity.matching.deterministic import find_sharing
from identity.matching.hygiene import cut_shared_identifiers
from identity.matching.kept import put_edges_in_place
from identity.matching.model import kept_terms_sql, load_model
from identity.matching.people import load_people, prepare_people
from identity.matching.probabilistic import KEPT_FROM_WEIGHT, score_pairs
from identity.matching.reach import measure_reach
from identity.matching.touched import find_touched, load_faces, recipe_of, remembered
from identity.roles import Roles, platform_roles
from warehouse.crash import crash_point
from warehouse.home import Home

DEVICE_WEIGHT = 30.0


def score_edges(
    home: Home,
    con: duckdb.DuckDBPyConnection,
    roles: Roles | None = None,
    progress: Callable[[str], None] | None = None,
    *,
    as_of: datetime | None = None,
    anew: bool = False,
) -> str | None:
    """Write identity.edges, cut_identifiers, judgements, and what the next run remembers of them. Gives the model's
    version, if any.

    as_of: judgements that expired by then do not count; by default now.
    anew: score every pair, also those that the published generation has scored by the same recipe.
    Trains a model when the home holds none for these roles and there are records enough to train on; never retrains.
    """
    roles, tell = roles or platform_roles(), progress or (lambda _: None)
    take_snapshot(home, con, roles, as_of)
    model = load_model(home, roles)
    prepare_people(con, roles, kept_terms_sql(model) if model else None)
    cut_shared_identifiers(con, roles)
    if roles.probabilistic:
        settle_contacts(con, roles.tells_apart)
    load_faces(con, roles)
    crash_point("identity.edges.after_hygiene")
    blocking = plan_blocking(con, roles)
    is_partial = find_touched(con, roles, blocking, None if anew else recipe_of(roles, model, blocking))
    if not is_partial:
        load_people(con, roles)
    tell("comparing identifiers")
    find_sharing(con)
    model = score_pairs(home, con, roles, model, blocking, tell, is_partial=is_partial)
    crash_point("identity.edges.after_scoring")
    blocking = settle_caps(con, blocking)
    measure_reach(con, blocking, roles.cut_weight)
    version = model.version if model else None
    kinds = [_person_edges_sql(roles, version), _device_edges_sql(), judged_edges_sql()]
    put_edges_in_place(
        con,
        " union all by name ".join(kinds),
        {
            "identity.cut_identifiers": "from cut_identifier order by all",
            "identity.judgements": "from judgement order by record_id_l, record_id_r",
            **remembered(recipe_of(roles, model, blocking)),
        },
        is_partial=is_partial,
    )
    return version


def _person_edges_sql(roles: Roles, version: str | None) -> str:
    """Shared pairs and scored pairs, one row each. A tier's weight is the least that its pair is worth, unless the pair
    contradicts itself and nothing personal speaks for it; such a pair is kept, cut, when it would have been an edge."""
    return f"""
        with weighed as (
            select
                record_no_l,
                record_no_r,
                shared.rule as tier,
                scored.rule as blocking_rule,
                coalesce(scored.is_contradicted and scored.match_weight < 0, false)
                    and coalesce(shared.rule not in ({_must_rules(roles)}), true) as is_cut,
                case
                    when is_cut then scored.match_weight else greatest(scored.match_weight, shared.match_weight)
                end as match_weight,
                greatest(scored.agreed_weight, shared.match_weight) as kept_weight,
                coalesce(
                    scored.evidence, to_json({{'shared': shared.identifiers, 'names': shared.names}})::varchar
                ) as evidence
            from shared_pair as shared
            full join scored_pair as scored using (record_no_l, record_no_r)
            where kept_weight >= {KEPT_FROM_WEIGHT}
        )
        select
            l.record_id as record_id_l,
            r.record_id as record_id_r,
            case when tier is null then 'probabilistic' else 'deterministic' end as kind,
            coalesce(tier, blocking_rule) as rule,
            match_weight,
            1 / (1 + pow(2, -greatest(least(match_weight, 50), -50))) as match_probability,
            evidence,
            {f"'{version}'" if version else "null::varchar"} as model_version,
            is_cut,
            case when is_cut then 'given names or birth dates differ' end as cut_reason
        from weighed
        join person as l on record_no_l = l.record_no
        join person as r on record_no_r = r.record_no
    """


def _must_rules(roles: Roles) -> str:
    return ", ".join(f"'{rule}'" for rule in roles.must_link_rules) or "''"


def _device_edges_sql() -> str:
    """A device with one user is that user's; where the user has no record, its devices hang together. A device on which
    nobody logged in, and one e-mail address was left that one person has, is that person's."""
    weight = f"""
        {DEVICE_WEIGHT}::double as match_weight,
        1 / (1 + pow(2, -{DEVICE_WEIGHT})) as match_probability
    """
    return f"""
        select * from (
            with devices as (
                select distinct record_id, value as user_id
                from identifier
                where is_device and identifier_type = 'user_id'
            ),
            anchors as (
                select
                    value as user_id,
                    coalesce(min(record_id) filter (where not is_device), min(record_id)) as record_id
                from identifier
                where identifier_type = 'user_id'
                group by value
            ),
            visitors as (
                select record_id as device_id, min(value) as email
                from identifier
                where is_device and identifier_type = 'email' and record_id not in (select record_id from devices)
                group by record_id
                having count(*) = 1
            ),
            readers as (
                select value as email, min(record_id) as record_id
                from identifier
                where identifier_type = 'email' and not is_device and people_count <= 1
                group by value
            ),
            owned as (
                select devices.record_id as device_id, anchors.record_id, 'device_of_user' as rule, 'user_id' as shared
                from devices
                join anchors using (user_id)
                union all
                select device_id, readers.record_id, 'device_of_email', 'email'
                from visitors
                join readers using (email)
            )
            select
                least(device_id, record_id) as record_id_l,
                greatest(device_id, record_id) as record_id_r,
                'deterministic' as kind,
                rule,
                {weight},
                '{{"shared":["' || shared || '"]}}' as evidence,
                null::varchar as model_version,
                false as is_cut,
                null::varchar as cut_reason
            from owned
            where device_id <> record_id
        )
    """
