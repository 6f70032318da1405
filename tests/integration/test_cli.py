"""`cdp` as a person uses it, on what one run over the sample has published."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.conftest import SAMPLE, cdp
from warehouse.home import PROJECT, Home

COMMANDS = (
    *("run", "status", "sql", "customer", "ui", "replay", "rollback", "doctor", "demo", "demo-data"),
    *("export parquet", "add source", "identity explain", "identity resolve", "identity score"),
    *("identity judge", "identity judgements", "identity undo", "identity review"),
    *("identity as-of", "identity import-crosswalk"),
)
HEAVY = ("dagster", "dbt", "great_expectations", "splink", "dlt", "pandas")
RAW_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")


def an_email(home: Path) -> str:
    """The e-mail of one customer alone; ids differ from home to home, so it is chosen by itself."""
    own = "select lower(email) as email from customers group by 1 having count(*) = 1 and email is not null"
    return cdp(home, "sql", "--restricted", f"{own} order by 1 limit 1").stdout.split()[1]


def id_of(home: Path, email: str) -> str:
    return cdp(
        home, "sql", "--restricted", f"select customer_id from customers where email = '{email}'"
    ).stdout.split()[1]


# --- help ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example(tmp_path: Path, command: str) -> None:
    shown = cdp(tmp_path, *command.split(), "--help")

    assert shown.returncode == 0
    assert re.search(rf"Examples?:\s+cdp {command}", shown.stdout)


def test_help_loads_nothing_heavy() -> None:
    """Start-up under half a second rests on this; a time would only measure the machine."""
    code = (
        "import sys\nsys.argv = ['cdp', '--help']\nfrom cli.main import entry\n"
        "try: entry()\nexcept SystemExit: pass\nprint('LOADED', *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)

    loaded = result.stdout.split("LOADED")[1].split()
    assert "typer" in loaded
    assert [name for name in (*HEAVY, "duckdb") if name in loaded] == []


# --- sql ----------------------------------------------------------------------------------------------------------


def test_sql_masks_personal_values(sample_run: Path) -> None:
    shown = cdp(sample_run, "sql", "select email, phone, full_name from customers", "--limit", "0")

    assert shown.returncode == 0
    assert len(shown.stdout.splitlines()) > 300
    assert not RAW_EMAIL.search(shown.stdout)


def test_sql_shows_personal_values_to_those_who_ask_for_them(sample_run: Path) -> None:
    shown = cdp(sample_run, "sql", "--restricted", "select email from customers where email is not null")

    assert RAW_EMAIL.search(shown.stdout)


def test_sql_says_when_it_shows_not_all_rows(sample_run: Path) -> None:
    shown = cdp(sample_run, "sql", "select customer_id from customers", "--limit", "5")

    assert len(shown.stdout.splitlines()) == 6
    assert "the first 5 rows" in shown.stderr


def test_sql_reads_a_query_from_standard_input(sample_run: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "cli", "sql", "-"],
        cwd=PROJECT,
        env={"CDP_HOME": str(sample_run), "PATH": "/usr/bin:/bin"},
        input="select 41 + 1 as answer",
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout.split() == ["answer", "42"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select * from nosuch", "show tables"),
        ("selec 1", "syntax error"),
        ("", "gives no rows"),
        ("select 1; select 2", "These are 2 statements"),
        ("delete from customers", "writes"),
        ("create table mine as select 1", "writes"),
        ("with gone as (delete from customers returning *) select * from gone", "error"),
        ("select * from read_csv('/etc/passwd')", "reaches for a file"),
        ("select * from '/etc/passwd'", "error"),
        ("copy customers to '/tmp/customers.csv'", "reaches for a file"),
        ("attach '/tmp/other.duckdb' as other", "reaches for a file"),
        ("install httpfs", "reaches for a file"),
        ("set memory_limit = '1GB'", "locked"),
    ],
)
def test_sql_refuses_in_words(sample_run: Path, query: str, said: str) -> None:
    refused = cdp(sample_run, "sql", query)

    assert refused.returncode == 1
    assert refused.stdout == ""
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


def test_sql_error_holds_no_value(sample_run: Path) -> None:
    refused = cdp(sample_run, "sql", "--restricted", "select cast(full_name as integer) from customers")

    assert refused.returncode == 1
    assert "‹redacted›" in refused.stderr


# --- customer -----------------------------------------------------------------------------------------------------


def test_customer_is_found_by_email_id_and_record(sample_run: Path) -> None:
    email = an_email(sample_run)
    whole = cdp(sample_run, "customer", email.upper())
    customer_id = id_of(sample_run, email)
    known_as = f"select record_id from customer_identities where customer_id = '{customer_id}' limit 1"
    record = cdp(sample_run, "sql", known_as).stdout.split()[1]

    for section in ("golden record", "sources", "segments", "timeline"):
        assert section in whole.stdout
    assert email in whole.stdout
    assert cdp(sample_run, "customer", customer_id).stdout == whole.stdout
    assert cdp(sample_run, "customer", record).stdout == whole.stdout


def test_customer_masked_shows_no_raw_value(sample_run: Path) -> None:
    email = an_email(sample_run)
    customer_id = id_of(sample_run, email)

    masked = cdp(sample_run, "customer", customer_id, "--masked")

    assert masked.returncode == 0
    assert not RAW_EMAIL.search(masked.stdout)
    assert "name a customer id" in cdp(sample_run, "customer", email, "--masked").stderr


def test_customer_unknown_ends_with_a_remedy(sample_run: Path) -> None:
    unknown = cdp(sample_run, "customer", "nobody@nowhere.example")

    assert unknown.returncode == 1
    assert "No customer is published" in unknown.stderr
    assert "cdp sql" in unknown.stderr


def test_as_of_a_moment_before_the_first_run_says_when_history_begins(sample_run: Path) -> None:
    refused = cdp(sample_run, "identity", "as-of", "2020-01-01")

    assert refused.returncode == 1
    assert "History begins at" in refused.stderr


# --- status, doctor -----------------------------------------------------------------------------------------------


def test_status_tells_run_gates_generation_and_quarantine(sample_copy: Path) -> None:
    shown = cdp(sample_copy, "status").stdout

    assert re.search(r"last run .* succeeded", shown)
    assert Home(sample_copy).current.resolve().name in shown
    for layer in ("raw", "staging", "conformed", "identity", "profiles", "segments", "measures"):
        assert re.search(rf"^{layer} ", shown, re.MULTILINE)
    assert "quarantine" in shown


def test_commands_before_the_first_run_say_what_to_do(tmp_path: Path) -> None:
    assert "`cdp run` starts" in cdp(tmp_path / "new", "status").stdout
    assert not (tmp_path / "new").exists(), "to say that nothing ran, nothing is made"
    for command in (["sql", "select 1"], ["customer", "x"], ["rollback"], ["export", "parquet"]):
        refused = cdp(tmp_path / "new", *command)
        assert refused.returncode == 1
        assert "cdp run" in refused.stderr


def test_doctor_passes_and_names_what_others_can_read(sample_copy: Path) -> None:
    healthy = cdp(sample_copy, "doctor")
    Home(sample_copy).landing.chmod(0o755)
    open_to_others = cdp(sample_copy, "doctor")

    assert healthy.returncode == 0, healthy.stdout
    assert open_to_others.returncode == 1
    assert f"FAIL  Others can read {Home(sample_copy).landing}" in open_to_others.stdout
    assert "chmod go-rwx" in open_to_others.stdout


# --- export, rollback, replay, demo-data --------------------------------------------------------------------------


def test_export_writes_every_table_masked(sample_run: Path, tmp_path: Path) -> None:
    out = tmp_path / "parquet"
    exported = cdp(sample_run, "export", "parquet", "--out", str(out))

    assert exported.returncode == 0
    manifest = json.loads((out / "manifest.json").read_text())
    assert {f"{table}.parquet" for table in manifest["tables"]} == {path.name for path in out.glob("*.parquet")}
    emails = duckdb.sql(f"select email from '{out}/customers.parquet' where email like '%@%'").fetchall()
    assert emails == []


def test_export_of_an_unknown_table_names_those_that_are(sample_run: Path, tmp_path: Path) -> None:
    refused = cdp(sample_run, "export", "parquet", "--out", str(tmp_path / "x"), "--table", "nope")

    assert refused.returncode == 1
    assert "Published are: account_fields, account_members" in refused.stderr


def test_rollback_goes_back_and_refuses_to_go_further(sample_copy: Path) -> None:
    home = Home(sample_copy)
    first = home.current.resolve()
    second = _published_again(home)

    back = cdp(sample_copy, "rollback")
    further = cdp(sample_copy, "rollback")

    assert back.returncode == 0
    assert f"Published is now {first.name}" in back.stdout
    assert home.current.resolve() == first
    assert further.returncode == 1
    assert "oldest generation kept" in further.stderr
    assert cdp(sample_copy, "rollback", second).returncode == 0
    assert home.current.resolve().name == second


def _published_again(home: Home) -> str:
    code = (
        "from warehouse.home import Home\nfrom warehouse.connection import connect\n"
        "from warehouse.run import current_run\n"
        "from publishing.previous import attach_previous\nfrom publishing.publish import publish\n"
        "home = Home.from_environment()\nrun = current_run(home)\ncon = connect(home)\nattach_previous(con, home)\n"
        "print(publish(home, con, run).generation)"
    )
    environment = {"CDP_HOME": str(home.root), "PATH": "/usr/bin:/bin"}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_replay_tries_quarantined_rows_again_and_says_what_remains(sample_copy: Path, tmp_path: Path) -> None:
    home = Home(sample_copy)
    sources = tmp_path / "sources"
    shutil.copytree(SAMPLE, sources)
    bad = sources / "hubspot" / "contacts" / "contacts_2026-11-02.jsonl"
    bad.write_text('{"id": "99000001", "properties": {}, "updatedAt": "2026-11-02T00:00:00Z"}\n{"id": "990000\n')
    _load(home, sources)

    status = cdp(sample_copy, "status").stdout
    replayed = cdp(sample_copy, "replay", "--source", "hubspot", "--table", "contacts", CDP_SOURCES=str(sources))

    assert re.search(r"hubspot +contacts +1", status)
    assert replayed.returncode == 0, replayed.stderr
    assert "0 rows loaded, 1 still in quarantine" in replayed.stdout
    assert "publishes" not in replayed.stdout


def _load(home: Home, sources: Path) -> None:
    code = (
        "from warehouse.home import Home\nfrom warehouse.connection import connect\n"
        "from warehouse.run import current_run\n"
        "from ingestion.landing import land\nfrom ingestion.load import load\n"
        "home = Home.from_environment()\nrun = current_run(home)\nland(home, sources=['hubspot'])\n"
        "load(home, connect(home), run, sources=['hubspot'])"
    )
    environment = {"CDP_HOME": str(home.root), "CDP_SOURCES": str(sources), "PATH": "/usr/bin:/bin"}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_demo_data_gives_the_same_company_for_the_same_seed(tmp_path: Path) -> None:
    made = [
        cdp(
            tmp_path,
            "demo-data",
            "--people",
            "50",
            "--seed",
            "3",
            "--until",
            "2026-11-01",
            "--out",
            str(tmp_path / name),
        )
        for name in ("a", "b")
    ]

    assert [run.returncode for run in made] == [0, 0], made[0].stderr
    assert "inbox holds the sources" in made[0].stdout
    first, second = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("a", "b")
    )
    assert first == second
    assert any("truth" in path.parts for path in first)
