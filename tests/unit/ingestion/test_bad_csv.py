"""Bad CSV: the row is set aside or the file refused; nothing is lost and nothing is guessed."""

import pytest

from ingestion.arriving import LARGEST_FIELD_BYTES
from ingestion.text import Rejected
from tests.unit.ingestion.conftest import Shop
from warehouse.errors import CdpError

HEADER = "id,name,town\n"
GOOD = [f"{n},Ann{n},Bern\n" for n in range(1, 501)]


def clean(shop: Shop) -> str:
    return HEADER + "".join(GOOD)


def with_line(bad: str) -> str:
    return HEADER + "".join([*GOOD[:250], bad, *GOOD[250:]])


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("x,too,many,columns\n", "4 columns where the header has 3"),
        ("x,few\n", "2 columns where the header has 3"),
        ('x,"never closed,Bern\n', "unterminated quote"),
        ('x,"a"b,Bern\n', "quotes in the wrong place"),
        ("x,a\0b,Bern\n", "NUL character"),
        (f"x,{'a' * (LARGEST_FIELD_BYTES + 1)},Bern\n", "field larger than 64 KiB"),
        (",no key,Bern\n", "missing primary key: id"),
        ("  ,no key,Bern\n", "missing primary key: id"),
    ],
)
def test_one_bad_row_costs_only_itself(shop: Shop, bad: str, reason: str) -> None:
    shop.deliver("a.csv", with_line(bad))

    counts = shop.bring()

    assert (counts.received, counts.loaded, counts.quarantined) == (501, 500, 1)
    [(line, why, raw)] = shop.quarantine()
    assert (line, why) == (252, reason)
    assert raw == bad.rstrip("\n").replace("\0", "\\x00")
    assert shop.query("select _line from raw.shop__people where id = '500'") == [(502,)]


def test_a_field_at_the_limit_is_taken(shop: Shop) -> None:
    shop.deliver("a.csv", with_line(f"x,{'a' * LARGEST_FIELD_BYTES},Bern\n"))

    assert shop.bring().loaded == 501


def test_an_unterminated_quote_among_quoted_rows_costs_only_itself(shop: Shop) -> None:
    quoted = [f'{n},"Ann, {n}","Bern"\n' for n in range(1, 501)]
    shop.deliver("a.csv", HEADER + "".join([*quoted[:250], 'x,"open,Bern\n', *quoted[250:]]))

    counts = shop.bring()

    assert (counts.loaded, counts.quarantined) == (500, 1)
    assert shop.quarantine()[0][:2] == (252, "unterminated quote")


def test_line_ends_inside_quotes_are_content_and_lines_stay_right(shop: Shop) -> None:
    shop.deliver("a.csv", HEADER + '1,"Ann\nMarie",Bern\n2,Bob,"Old\n\nTown"\n3,Cid,Bern\n')

    assert shop.bring().loaded == 3
    assert shop.rows("id, name, town, _line") == [
        ("1", "Ann\nMarie", "Bern", 2),
        ("2", "Bob", "Old\n\nTown", 4),
        ("3", "Cid", "Bern", 7),
    ]


def test_blank_lines_are_no_rows_and_lines_stay_right(shop: Shop) -> None:
    shop.deliver("a.csv", HEADER + "1,Ann,Bern\n\n2,Bob,Bern\n\n")

    counts = shop.bring()

    assert (counts.received, counts.loaded) == (2, 2)
    assert shop.rows("id, _line") == [("1", 2), ("2", 4)]


def test_an_empty_field_is_null_quoted_or_not(shop: Shop) -> None:
    shop.deliver("a.csv", HEADER + '1,,""\n')
    shop.bring()

    assert shop.rows("name, town") == [(None, None)]


@pytest.mark.parametrize("cut", range(1, 60, 3))
def test_a_file_cut_in_mid_row_is_refused(shop: Shop, cut: int) -> None:
    text = clean(shop).encode()[:-cut]
    if text.endswith(b"\n"):
        pytest.skip("a cut at a row's end shows only against a sidecar")
    shop.deliver("a.csv", text)

    with pytest.raises(Rejected, match="no line end after its last row"):
        shop.bring()

    assert shop.query("select count(*) from duckdb_tables() where table_name = 'shop__people'") == [(0,)]


def test_a_refused_file_blocks_nothing_once_it_is_replaced(shop: Shop) -> None:
    shop.deliver("a.csv", clean(shop)[:-3])
    with pytest.raises(Rejected):
        shop.bring()

    shop.deliver("a.csv", clean(shop))

    assert shop.bring().loaded == 500


@pytest.mark.parametrize(("sidecar", "text"), [(".count", "500"), (".manifest.json", '{"rows": 500}')])
def test_a_cut_at_a_rows_end_shows_against_the_promised_count(shop: Shop, sidecar: str, text: str) -> None:
    path = shop.deliver("a.csv", HEADER + "".join(GOOD[:-1]))
    path.with_name(path.name + sidecar).write_text(text)

    with pytest.raises(Rejected, match="has 499 rows, its sidecar says 500"):
        shop.bring()

    shop.deliver("a.csv", clean(shop))
    assert shop.bring().loaded == 500


@pytest.mark.parametrize("form", [".sha256", ".manifest.json"])
def test_every_cut_shows_against_the_promised_digest(shop: Shop, form: str) -> None:
    import hashlib
    import json

    path = shop.deliver("a.csv", clean(shop))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    said = f"{digest}  a.csv\n" if form == ".sha256" else json.dumps({"sha256": digest, "rows": 500})
    path.with_name(path.name + form).write_text(said)
    assert shop.bring().loaded == 500

    path.write_bytes(path.read_bytes()[: -len(GOOD[-1])])

    with pytest.raises(Rejected, match="sidecar says"):
        shop.land()


def test_a_sidecar_that_nobody_understands_is_refused(shop: Shop) -> None:
    path = shop.deliver("a.csv", clean(shop))
    path.with_name(path.name + ".manifest.json").write_text("[]")

    with pytest.raises(Rejected, match="cannot be understood"):
        shop.land()


def utf16(text: str) -> bytes:
    return text.encode("utf-16")


NAMES = HEADER + "1,Zoë,Zürich\n2,Łukasz,Köln\n"
WESTERN = HEADER + "1,Zoë,Zürich\n2,José,Köln\n"


@pytest.mark.parametrize(
    ("content", "encoding", "twin"),
    [
        (b"\xef\xbb\xbf" + NAMES.encode(), "utf-8", NAMES),
        (NAMES.encode("utf-16"), "utf-8", NAMES),
        (b"\xfe\xff" + NAMES.encode("utf-16-be"), "utf-8", NAMES),
        (WESTERN.encode("latin-1"), "latin-1", WESTERN),
        (WESTERN.replace("José", "“José”").encode("cp1252"), "cp1252", WESTERN.replace("José", "“José”")),
        (NAMES.replace("\n", "\r\n").encode(), "utf-8", NAMES),
        (NAMES.replace("\n", "\r\n", 1).encode(), "utf-8", NAMES),
        (NAMES.replace("\n", "\r").encode(), "utf-8", NAMES),
        (b'id,name,town\r\n1,"Ann\r\nLee",Bern\r\n2,Bob,\r\n', "utf-8", 'id,name,town\n1,"Ann\nLee",Bern\n2,Bob,\n'),
    ],
    ids=[
        "bom",
        "utf-16-le",
        "utf-16-be",
        "latin-1",
        "cp1252",
        "crlf",
        "mixed line ends",
        "old mac",
        "crlf inside quotes",
    ],
)
def test_the_same_text_in_other_bytes_has_the_same_digest(shop: Shop, content: bytes, encoding: str, twin: str) -> None:
    shop.declare(encoding=encoding)
    shop.deliver("a.csv", content)
    assert shop.bring().loaded == 2
    found = shop.digest()

    shop.declare(encoding="utf-8")
    shop.deliver("twin.csv", twin)
    counts = shop.bring()

    assert (counts.received, counts.duplicate) == (2, 2)
    assert shop.digest() == found


def test_undeclared_latin_1_is_set_aside_and_replayed_once_declared(shop: Shop) -> None:
    text = WESTERN + "3,Ann,Bern\n"
    shop.deliver("a.csv", text.encode("latin-1"))
    counts = shop.bring()
    assert (counts.received, counts.loaded, counts.quarantined) == (3, 1, 2)
    assert {reason for _, reason, _ in shop.quarantine()} == {"not UTF-8"}

    shop.declare(encoding="latin-1")
    replayed = shop.replay()

    assert (replayed.loaded, replayed.remaining) == (2, 0)
    assert shop.rows("id, name") == [("1", "Zoë"), ("2", "José"), ("3", "Ann")]
    assert [line for (line,) in shop.query("select _line from raw.shop__people order by 1")] == [2, 3, 4]


def test_bytes_that_are_not_in_the_declared_encoding_refuse_the_file(shop: Shop) -> None:
    shop.declare(encoding="ascii")
    shop.deliver("a.csv", NAMES)
    shop.bring()
    shop.declare(encoding="cp1252")
    shop.deliver("b.csv", HEADER.encode() + b"9,\x81\x8d,Bern\n")

    with pytest.raises(CdpError, match="is not cp1252"):
        shop.bring()


@pytest.mark.parametrize("content", ["", HEADER], ids=["empty", "header only"])
def test_no_rows_stop_the_run_unless_the_table_is_optional(shop: Shop, content: str) -> None:
    shop.deliver("a.csv", content)
    with pytest.raises(CdpError, match="no rows in"):
        shop.bring()

    shop.declare(optional=True)

    assert shop.bring().received == 0


def test_a_header_cannot_have_the_same_name_twice(shop: Shop) -> None:
    shop.deliver("a.csv", "id,name,name\n1,a,b\n")

    with pytest.raises(CdpError, match="repeated name"):
        shop.bring()


def test_too_many_columns_are_refused_at_once(shop: Shop) -> None:
    shop.deliver("a.csv", ",".join(f"c{n}" for n in range(100_000)) + "\n1\n")

    with pytest.raises(CdpError, match="100,000 columns"):
        shop.bring()


def test_a_delimiter_is_declared(shop: Shop) -> None:
    shop.declare(delimiter=";")
    shop.deliver("a.csv", "id;name;town\n1;Ann, née Bo;Bern\n")
    shop.bring()

    assert shop.rows("id, name, town") == [("1", "Ann, née Bo", "Bern")]


def test_mixed_fast_and_careful_files_load_together(shop: Shop) -> None:
    shop.deliver("a.csv", HEADER + "1,Ann,Bern\n")
    shop.deliver("b.csv", "town,id,name\nBern,2,Bob\nBern,3,Cid,x\n")
    shop.deliver("c.csv.gz", HEADER + "4,Dan,Bern\r\n5,Eve,Bern\n")

    counts = shop.bring()

    assert (counts.files, counts.received, counts.loaded, counts.quarantined) == (3, 5, 4, 1)
    assert shop.rows("id, name, town, _line") == [
        ("1", "Ann", "Bern", 2), ("2", "Bob", "Bern", 2), ("4", "Dan", "Bern", 2), ("5", "Eve", "Bern", 3),
    ]  # fmt: skip
