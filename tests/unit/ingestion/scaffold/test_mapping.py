"""Which column is which, and what a file feeds."""

import pytest

from ingestion.scaffold.mapping import FEEDS, guess_feed, guess_ordered_by, match
from ingestion.scaffold.sample import read_sample


def sample_of(folder, header, *rows):
    path = folder / "sample.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return read_sample(path)


@pytest.mark.parametrize(
    ("header", "feed"),
    [
        ("k,First Name,LastName,e-mail", "records"),
        ("k,company_name,domain,industry", "accounts"),
        ("k,event_type,properties", "events"),
        ("k,subject,severity", "tickets"),
        ("k,amount,currency", "invoices"),
        ("k,type,notes", "activities"),
        ("k,colour,shape", None),
        ("k,email,shape", None),
    ],
)
def test_a_feed_is_guessed_from_the_columns_that_it_knows(tmp_path, header, feed):
    assert guess_feed(sample_of(tmp_path, header, "1,2,3,4"), "things") == feed


def test_the_tables_name_decides_between_feeds_that_look_alike(tmp_path):
    sample = sample_of(tmp_path, "k,total,currency", "1,2,EUR")

    assert (guess_feed(sample, "orders"), guess_feed(sample, "invoices")) == ("orders", "invoices")


def test_a_column_serves_once_and_the_better_name_wins(tmp_path):
    sample = sample_of(tmp_path, "name,display_name,email", "A,B,a@x")

    assert match(sample, "records") == {"full_name": "name", "email": "email"}


def test_text_is_not_taken_for_a_moment_or_a_number(tmp_path):
    sample = sample_of(tmp_path, "number,amount,created_at,due_date", '7,"1.234,50",31.01.2024,20240131')

    assert match(sample, "invoices") == {"number": "number"}


def test_seconds_and_milliseconds_are_moments(tmp_path):
    sample = sample_of(tmp_path, "event,timestamp", "open,1700000000")

    assert match(sample, "events")["occurred_at"] == "timestamp"


def test_versions_are_ordered_by_what_says_that_a_row_changed(tmp_path):
    assert guess_ordered_by(sample_of(tmp_path, "id,updated_at", "1,2024-01-01T00:00:00")) == "updated_at"
    assert guess_ordered_by(sample_of(tmp_path, "id,updated_at", "1,2024-01-01T00:00:00", "2,")) is None
    assert guess_ordered_by(sample_of(tmp_path, "id,created_at", "1,2024-01-01T00:00:00")) is None


def test_every_column_that_a_feed_knows_is_in_its_contract(new, project):
    from ingestion.scaffold.write import contract

    for name, feed in FEEDS.items():
        table = new("id\n1\n", feed=name)
        assert {feed.id_column, *feed.columns} <= contract(table, project), name
