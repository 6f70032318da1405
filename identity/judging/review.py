"""The review queue: which published pairs a person should look at, and what their answers say about the whole.

Belongs here: strata, the draw, the order, the two records to be shown. Must not go here: asking (cli/), estimating
(quality.py), storing answers (governance/labels.py).
Concept: questions go where they matter, uncertainty × exposure, and yet every pair may be drawn, or the answers would
say nothing about the rest. So pairs fall into strata by side, probability and exposure; strata take turns by their
mean priority, the highest first, and within one the order is random, so that whoever stops early leaves a simple random
sample of each stratum.

  uncertainty  1 - |2p - 1| of the model's probability p: 1 at even odds, 0 where it is certain
  exposure     1 + log10(1 + lifetime value in dollars) + log10(1 + segments), of the customers concerned together
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from governance.judgements import counting
from governance.labels import Draw, count_labels
from identity.judging.quality import Estimate, Stratum, estimate_precision, estimate_recall
from publishing.files import ACTIVATION, MASKED, attach
from publishing.read import current_folder
from warehouse.connection import apply_settings
from warehouse.errors import CdpError
from warehouse.home import Home

JOINED, APART = "joined", "apart"
# Upper limits of the bands of probability: the model says no, cannot say, says yes; above the last it is sure.
BANDS = {"no": 0.05, "unsure": 0.95, "yes": 0.999}
SURE = "sure"
HIGH_EXPOSURE = 4.0  # a thousand dollars, or ten segments and a hundred
FIELDS = ("birth_date",)  # shown beside every standardised field


@dataclass(frozen=True)
class Question:
    """A pair to be asked about, and how it was drawn; nothing of the draw may be shown before the answer."""

    record_id_l: str
    record_id_r: str
    draw: Draw


@dataclass(frozen=True)
class Waiting:
    """What of a stratum was not judged yet; priority is the sum over its pairs."""

    pairs: int
    priority: float


class Review:
    """The published generation, read for one session."""

    def __init__(self, home: Home) -> None:
        self.home = home
        folder = current_folder(home)
        self.generation = folder.name
        self.con = duckdb.connect()
        apply_settings(self.con, home)
        attach(self.con, folder / ACTIVATION, "carried")
        attach(self.con, folder / MASKED, "published")
        self._require_tables()
        self.con.execute(f"create temp table pair as {_pairs_sql()}")
        version = self.con.execute("select max(model_version) from carried.int_customer_edges").fetchall()
        self.model_version: str | None = version[0][0]

    def queue(self, limit: int) -> list[Question]:
        """At most `limit` pairs that nobody has judged, the strata of highest priority first."""
        judged = [(one.record_id_l, one.record_id_r) for one in counting(self.home)]
        self.con.execute(
            f"create or replace temp table waiting as {_waiting_sql()}",
            {"lefts": [left for left, _ in judged], "rights": [right for _, right in judged]},
        )
        waiting = {
            name: Waiting(pairs, priority)
            for name, pairs, priority in self.con.execute(
                "select stratum, count(*), sum(priority) from waiting group by stratum order by stratum"
            ).fetchall()
        }
        shares = allocate(waiting, limit).items()
        return [question for name, share in shares for question in self._draw(name, share, waiting[name].pairs)]

    def _draw(self, stratum: str, share: int, pairs: int) -> list[Question]:
        """The first pairs of the stratum in an order that is random, and the same as long as this generation stands."""
        rows = self.con.execute(
            "select record_id_l, record_id_r, match_probability from waiting where stratum = $stratum "
            "order by md5(concat_ws('|', $generation, record_id_l, record_id_r)) limit $share",
            {"stratum": stratum, "generation": self.generation, "share": share},
        ).fetchall()
        return [
            Question(left, right, Draw(self.generation, self.model_version, stratum, probability, share / pairs))
            for left, right, probability in rows
        ]

    def fields(self, question: Question) -> list[tuple[str, Any, Any]]:
        """(field, of the one record, of the other): every standardised field that either has."""
        shown = [name for name in self._record_columns() if name.endswith("_std") or name in FIELDS]
        rows = {
            row[0]: row
            for row in self.con.execute(
                f"select record_id, source, {', '.join(shown)} from carried.int_records where record_id in ($l, $r)",
                {"l": question.record_id_l, "r": question.record_id_r},
            ).fetchall()
        }
        sides = zip(
            ("record", "source", *(name.removesuffix("_std") for name in shown)),
            rows[question.record_id_l],
            rows[question.record_id_r],
            strict=True,
        )
        return [(name, left, right) for name, left, right in sides if left is not None or right is not None]

    def estimates(self) -> dict[str, Estimate | None]:
        """Precision and recall of what is published, from every label that was given to this model's pairs."""
        labels = count_labels(self.home, self.model_version)
        sizes = self.con.execute("select stratum, count(*) from pair group by stratum order by stratum").fetchall()
        strata: dict[str, list[Stratum]] = {JOINED: [], APART: []}
        for name, pairs in sizes:
            matches = labels[name, "same"]
            strata[name.split(",")[0]].append(Stratum(pairs, matches + labels[name, "different"], matches))
        return {
            "precision": estimate_precision(strata[JOINED]),
            "recall": estimate_recall(strata[JOINED], strata[APART]),
        }

    def _record_columns(self) -> list[str]:
        return [row[0] for row in self.con.execute("describe carried.int_records").fetchall()]

    def _require_tables(self) -> None:
        rows = self.con.execute("select table_name from duckdb_tables() where database_name = 'carried'").fetchall()
        if missing := {"int_customer_edges", "int_records", "identity_map"} - {row[0] for row in rows}:
            raise CdpError(
                f"Generation {self.generation} carries no {' and no '.join(sorted(missing))}",
                remedy="`cdp run` publishes a generation that does.",
            )


def allocate(waiting: Mapping[str, Waiting], limit: int) -> dict[str, int]:
    """How many pairs each stratum gives to a session, in the order in which strata are asked about.

    Every stratum gives one, highest mean priority first, as far as the limit goes. The rest is shared out by the method
    of Sainte-Laguë, after the mean of a stratum's share of all priority, where an answer matters, and its share of all
    pairs, where the estimate is made.
    """
    by_priority = sorted(waiting, key=lambda name: (-waiting[name].priority / waiting[name].pairs, name))
    priority = sum(each.priority for each in waiting.values()) or 1
    pairs = sum(each.pairs for each in waiting.values())
    claim = {name: each.priority / priority + each.pairs / pairs for name, each in waiting.items()}
    given = {name: int(place < limit) for place, name in enumerate(by_priority)}
    for _ in range(limit - sum(given.values())):
        unmet = [name for name in by_priority if given[name] < waiting[name].pairs]
        if not unmet:
            break
        given[max(unmet, key=lambda name: claim[name] / (2 * given[name] + 1))] += 1
    return {name: share for name, share in given.items() if share}


def _pairs_sql() -> str:
    """`pair`: every scored pair of person records that was not judged when this generation was made."""
    bands = " ".join(f"when match_probability < {limit} then '{band}'" for band, limit in BANDS.items())
    return f"""
        with worth as (
            select customer_id, greatest(coalesce(lifetime_value_usd, 0), 0)::double as usd, segments_count
            from published.customers
            left join (
                select customer_id, count(*) as segments_count from published.segment_members group by customer_id
            ) using (customer_id)
        ),
        scored as (
            select record_id_l, record_id_r, coalesce(match_probability, 0.5) as match_probability
            from carried.int_customer_edges
            where kind <> 'judgement'
        ),
        sided as (
            select
                scored.*,
                l.customer_id = r.customer_id as is_joined,
                coalesce(of_l.usd, 0) + if(is_joined, 0, coalesce(of_r.usd, 0)) as usd,
                coalesce(of_l.segments_count, 0) + if(is_joined, 0, coalesce(of_r.segments_count, 0)) as segments_count
            from scored
            join carried.identity_map as l on record_id_l = l.record_id and not l.is_device
            join carried.identity_map as r on record_id_r = r.record_id and not r.is_device
            left join worth as of_l on l.customer_id = of_l.customer_id
            left join worth as of_r on r.customer_id = of_r.customer_id
            anti join (from carried.int_customer_edges where kind = 'judgement') using (record_id_l, record_id_r)
        ),
        exposed as (
            select
                *,
                1 - abs(2 * match_probability - 1) as uncertainty,
                1 + log10(1 + usd) + log10(1 + segments_count) as exposure
            from sided
        )
        select
            record_id_l,
            record_id_r,
            match_probability,
            uncertainty * exposure as priority,
            concat_ws(
                ', ',
                if(is_joined, '{JOINED}', '{APART}'),
                case {bands} else '{SURE}' end,
                if(exposure >= {HIGH_EXPOSURE}, 'high exposure', 'low exposure')
            ) as stratum
        from exposed
    """


def _waiting_sql() -> str:
    return """
        with judged as (select unnest($lefts::varchar[]) as record_id_l, unnest($rights::varchar[]) as record_id_r)
        from pair anti join judged using (record_id_l, record_id_r)
    """
