"""What is written for a new source, and what is refused."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from expectations.suites import load_suites
from ingestion.declared import declared_sources
from ingestion.scaffold.write import references, with_line, write_source
from tests.unit.ingestion.scaffold.conftest import MODELS, PEOPLE, TICKETS
from warehouse.errors import CdpError
from warehouse.home import PROJECT


def texts(project: Path) -> dict[str, str]:
    return {str(path.relative_to(project)): path.read_text() for path in project.rglob("*") if path.is_file()}


def staging(project: Path, model: str) -> str:
    return " ".join((project / MODELS / "staging" / "desk" / f"{model}.sql").read_text().split())


def test_a_declaration_is_one_that_ingestion_reads(new, project):
    write_source(new(PEOPLE), project)

    (source,) = declared_sources(project / MODELS / "staging")
    (table,) = source.tables
    assert (source.name, source.owner, source.purpose) == ("desk", "support", "help")
    assert (table.label, table.primary_key, table.raw) == ("desk.people", ("person_id",), 'raw."desk__people"')
    assert {column.name: column.identifier for column in table.columns if column.identifier} == {
        "email": "email",
        "phone": "phone",
    }


def test_the_lists_name_the_new_models_and_keep_the_old(new, project):
    before = texts(project)

    done = write_source(new(PEOPLE), project)

    for path, model in (("conformed/int_records_unioned.sql", ""), ("profiles/quarantine.sql", "__rejects")):
        after = (project / MODELS / path).read_text()
        line = f"[\n        ref('stg_desk__people{model}'),\n"
        assert line in after
        assert after.replace(line, "[\n") == before[str(MODELS / path)]
        assert f"added    dbt_project/models/{path}: ref('stg_desk__people{model}')" in done


def test_suites_and_descriptions_come_with_it(new, project):
    write_source(new(PEOPLE), project)

    assert {suite.table: suite.key for suite in load_suites(project / "expectations")} == {
        "raw.desk__people": ("person_id",),
        "staging.stg_desk__people": ("record_id",),
    }
    described = yaml.safe_load((project / MODELS / "staging/desk/_desk__models.yml").read_text())["models"]
    assert [(model["name"], bool(model["description"])) for model in described] == [
        ("stg_desk__people", True),
        ("stg_desk__people__rejects", True),
    ]


def test_a_second_table_finds_the_people_of_the_first(new, project):
    write_source(new(PEOPLE), project)

    write_source(new(TICKETS, "tickets"), project)

    (source,) = declared_sources(project / MODELS / "staging")
    assert [table.name for table in source.tables] == ["people", "tickets"]
    sql = staging(project, "stg_desk__tickets")
    assert "'desk:' || person_id as record_id," in sql
    assert "{{ cdp.ticket_priority('priority') }} as priority," in sql
    assert "{{ cdp.is_open_ticket('status', 'null') }} as is_open," in sql


def test_people_who_name_a_company_are_its_members(new, project):
    write_source(new("id,name,domain\nc1,Acme,acme.example\n", "companies"), project)

    write_source(new("id,company_id,name,email\np1,c1,Ann,a@x\n", "contacts"), project)

    assert (
        "ref('stg_desk__contacts_account_members')"
        in (project / MODELS / "conformed" / "int_account_members.sql").read_text()
    )
    assert "where account_record_id is not null" in staging(project, "stg_desk__contacts_account_members")
    assert "staging.stg_desk__contacts_account_members" in [
        suite.table for suite in load_suites(project / "expectations")
    ]


def test_a_column_that_only_shares_a_contracts_name_does_not_get_into_it(new, project):
    table = new("id,amount,currency,subscription_id\n1,2.50,eur,s1\n", "invoices")

    write_source(table, project)

    assert "subscription_id as subscription_id_desk" in staging(project, "stg_desk__invoices")


@pytest.mark.parametrize(
    ("text", "table", "line"),
    [
        ("id,amount_cents,currency,paid_at\n1,250,eur,2024-01-01\n", "invoices", "case when paid_at is not null then"),
        ("id,amount_cents,currency,status\n1,250,eur,paid\n", "invoices", "case when lower(status) = 'paid' then"),
        (
            "id,amount_cents,currency,status\n1,250,jpy,paid\n",
            "invoices",
            "{{ cdp.from_minor_units('amount_cents', 'currency') }} as amount_due",
        ),
        ("id,amount_cents,status\n1,250,paid\n", "invoices", "{{ cdp.from_minor_units('amount_cents', 'null') }}"),
        (
            "id,event,timestamp\n1,open,1700000000\n",
            "events",
            "{{ cdp.epoch_seconds('\"timestamp\"') }} as occurred_at",
        ),
        ("id,event,timestamp\n1,open,1700000000000\n", "events", "{{ cdp.epoch_millis("),
        (
            "id,event,timestamp,userAgent\n1,open,1700000000,curl/8\n",
            "events",
            "{{ cdp.traffic_rule('\"userAgent\"') }} as excluded_by",
        ),
        ("id,name,email,dob\n1,A,a@x,31.1.1980\n", "people", "{{ cdp.written_date('dob', 'null') }} as birth_date"),
        (
            'id,name,email,address\n1,A,a@x,"1 Elm St, Troy, NY 12180"\n',
            "people",
            "{{ cdp.us_address('address', 'postal_code') }} as postal_code",
        ),
        ("id,name,email,street\n1,A,a@x,1 Elm St\n", "people", "{{ cdp.house_number('street') }} as house_number"),
        ("id,type,notes\n1,inbound,x\n", "activities", "{{ cdp.activity_type('type') }} as activity_type"),
        ("id,name,email,order\n1,A,a@x,2\n", "people", '"order" as order_desk'),
    ],
)
def test_what_a_column_means_is_written_out(new, project, text, table, line):
    write_source(new(text, table), project)

    assert line in staging(project, f"stg_desk__{table}")


def test_a_country_can_be_said_for_rows_that_name_none(new, project):
    write_source(new(PEOPLE, country="DE"), project)

    assert "'DE' as country" in staging(project, "stg_desk__people")


def test_nested_columns_are_declared_and_used_by_their_path(new, project):
    row = '{"id": "1", "properties": {"email": "a@x", "firstname": "A"}}\n'

    write_source(new(row, suffix="jsonl"), project)

    assert '"properties.email" as email' in staging(project, "stg_desk__people")


def test_a_table_may_feed_nothing(new, project):
    before = (project / MODELS / "conformed" / "int_records_unioned.sql").read_text()

    write_source(new("code,colour\n1,red\n", "colours", feed=None), project)

    assert (project / MODELS / "conformed" / "int_records_unioned.sql").read_text() == before
    assert "'desk:' || code as code_desk, 'desk' as source," in staging(project, "stg_desk__colours")


@pytest.mark.parametrize(
    ("said", "complaint", "remedy"),
    [
        ({"source": "My CRM"}, "is no name", "lower-case"),
        ({"source": "a__b"}, "is no name", "lower-case"),
        ({"key": ("nope",)}, "has no column nope", "person_id, name"),
        ({"ordered_by": "nope"}, "has no column nope", "person_id, name"),
        ({"feed": "weather"}, "Nothing is fed by 'weather'", "records, accounts"),
        ({"delivery": "daily"}, "--delivery 'daily'", "upserts, events, snapshot"),
        ({"party": "fourth"}, "--party 'fourth'", "zero, first"),
        ({"country": "Germany"}, "'Germany' is no country", "ISO 3166"),
    ],
)
def test_nonsense_is_refused_with_a_remedy_before_anything_is_written(new, project, said, complaint, remedy):
    before = texts(project)

    with pytest.raises(CdpError, match=complaint) as refused:
        write_source(new(PEOPLE, **said), project)

    assert remedy in refused.value.remedy
    assert texts(project) == before


def test_adding_twice_is_refused_and_changes_nothing(new, project):
    write_source(new(PEOPLE), project)
    before = texts(project)

    with pytest.raises(CdpError, match=r"desk\.people exists already"):
        write_source(new(PEOPLE), project)

    assert texts(project) == before


def test_a_list_that_was_rewritten_by_hand_is_refused_and_changes_nothing(new, project):
    (project / MODELS / "conformed" / "int_records_unioned.sql").write_text("select 1\n")
    before = texts(project)

    with pytest.raises(CdpError, match="has no cdp"):
        write_source(new(PEOPLE), project)

    assert texts(project) == before


def test_what_the_page_says_of_removal_leaves_the_project_as_it_was(new, project):
    before = texts(project)
    write_source(new(PEOPLE), project)
    section = (PROJECT / "docs" / "add-a-source.md").read_text().split("## Remove it")[1]
    commands = re.findall(r"^(?:rm|sed) .*club.*$", section, re.MULTILINE)
    assert len(commands) == 2

    for command in commands:
        subprocess.run(["sh", "-c", command.replace("club", "desk")], cwd=project, check=True)

    assert texts(project) == before


def test_a_line_is_not_written_twice(new, project):
    with pytest.raises(CdpError, match="lists stg_hubspot__contacts already"):
        with_line(project / MODELS / "conformed" / "int_records_unioned.sql", "stg_hubspot__contacts")


def test_only_tables_of_people_and_companies_are_referred_to(new, project):
    write_source(new(TICKETS, "tickets"), project)

    assert references(new("id,ticket_id\n1,t1\n", "comments"), project) == {}
