"""Bad JSON lines, gzip and Parquet: the line is set aside or the file refused; nothing is lost."""

import gzip
import json
import os
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.arriving import LARGEST_FIELD_BYTES
from ingestion.text import Rejected
from tests.unit.ingestion.conftest import Shop
from warehouse.errors import CdpError

GOOD = [{"id": str(n), "name": f"Ann{n}", "town": {"name": "Bern", "zip": [3000, n]}} for n in range(1, 501)]
LINES = [json.dumps(row).encode() + b"\n" for row in GOOD]


@pytest.fixture
def shop(shop: Shop) -> Shop:
    shop.declare(format="jsonl")
    return shop


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"id": "x", "name": "cut\n', "not valid JSON"),
        (b'{"id": "x"} {"id": "y"}\n', "not valid JSON"),
        (b'{"id": "x", "name": NaN}\n', "NaN or Infinity is not JSON"),
        (b'{"id": "x", "name": {"deep": [-Infinity]}}\n', "NaN or Infinity is not JSON"),
        (b'{"id": "x", "id": "y"}\n', "duplicate key in a JSON object"),
        (b'{"id": "x", "name": "a\\u0000b"}\n', "NUL character"),
        (b'{"id": "x", "name": ["a\\u0000b"]}\n', "NUL character"),
        (b'{"id": "x", "name": "a\0b"}\n', "NUL character"),
        (b'{"id": "x", "name": "\\ud83d"}\n', "lone surrogate"),
        (b'{"id": "x", "name": "Zo\xeb"}\n', "not UTF-8"),
        (b'["id", "x"]\n', "not a JSON object"),
        (b"42\n", "not a JSON object"),
        (b"{}\n", "missing primary key"),
        (b'{"name": "no key"}\n', "missing primary key: id"),
        (b'{"id": null, "name": "no key"}\n', "missing primary key: id"),
        (b'{"id": "x", "name": "' + b"a" * (LARGEST_FIELD_BYTES + 1) + b'"}\n', "field larger than 64 KiB"),
        (b'{"id": "x", "name": ' + b"[" * 200 + b"]" * 200 + b"}\n", "nested too deeply"),
        (b'{"id": "x", "name": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}\n", "nested too deeply"),
    ],
)
def test_one_bad_line_costs_only_itself(shop: Shop, bad: bytes, reason: str) -> None:
    shop.deliver("a.jsonl", b"".join([*LINES[:250], bad, *LINES[250:]]))

    counts = shop.bring()

    assert (counts.received, counts.loaded, counts.quarantined) == (501, 500, 1)
    [(line, why, raw)] = shop.quarantine()
    assert (line, why) == (251, reason)
    assert raw[:10] == bad.decode("utf-8", "backslashreplace")[:10].rstrip("\n")
    assert shop.query("select _line from raw.shop__people where id = '500'") == [(501,)]


def test_a_bad_line_changes_nothing_about_the_others(shop: Shop) -> None:
    shop.deliver("a.jsonl", b"".join([*LINES[:100], b"oops\n", b"\n", *LINES[100:]]))
    shop.bring()
    found = shop.digest()

    shop.deliver("twin.jsonl.gz", b"".join(LINES))
    counts = shop.bring()

    assert counts.duplicate == 500
    assert shop.digest() == found


def test_values_are_text_as_sent(shop: Shop) -> None:
    shop.deliver(
        "a.jsonl",
        b'{"id": 12345678901234567890123, "name": "Zo\\u00eb \\ud83d\\ude00", "town": {"a": [1, "x", null, true]}}\n'
        b'{"id": 2, "name": null, "town": false}\n',
    )
    shop.bring()

    assert shop.rows("id, name, town") == [
        ("12345678901234567890123", "Zoë 😀", '{"a":[1,"x",null,true]}'),
        ("2", None, "false"),
    ]


def test_a_long_line_of_short_fields_is_taken(shop: Shop) -> None:
    shop.deliver("a.jsonl", [{"id": "1", "town": ["x" * 100] * 5000}])

    assert shop.bring().loaded == 1


def test_a_line_at_the_limit_of_its_field_is_taken(shop: Shop) -> None:
    shop.deliver("a.jsonl", [{"id": "1", "name": "a" * LARGEST_FIELD_BYTES}])

    assert shop.bring().loaded == 1


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + b"".join(LINES),
        b"".join(LINES).decode().encode("utf-16"),
        b"".join(LINES).replace(b"\n", b"\r\n"),
        b"".join(LINES).replace(b"\n", b"\r\n", 77),
        b"\n" + b"\n".join(LINES),
    ],
    ids=["bom", "utf-16", "crlf", "mixed line ends", "blank lines"],
)
def test_the_same_lines_in_other_bytes_have_the_same_digest(shop: Shop, content: bytes) -> None:
    shop.deliver("a.jsonl", content)
    assert shop.bring().loaded == 500
    found = shop.digest()

    shop.deliver("twin.jsonl", b"".join(LINES))

    assert shop.bring().duplicate == 500
    assert shop.digest() == found


def test_keys_in_another_order_and_spacing_are_the_same_content(shop: Shop) -> None:
    shop.deliver("a.jsonl", b'{"id":"1","name":"Ann","town":{"a":[1,2]}}\n')
    shop.deliver("b.jsonl", b'{ "town": {"a": [1, 2]}, "name": "Ann", "id": "1" }\n')

    assert shop.bring().duplicate == 1


@pytest.mark.parametrize("cut", range(1, 20, 3))
def test_a_file_cut_in_mid_line_is_refused(shop: Shop, cut: int) -> None:
    shop.deliver("a.jsonl", b"".join(LINES)[:-cut])

    with pytest.raises(Rejected, match="no line end after its last row"):
        shop.bring()


@pytest.mark.parametrize("kept", [0.01, 0.1, 0.5, 0.9, 0.99])
def test_a_cut_gzip_file_is_refused(shop: Shop, kept: float) -> None:
    data = gzip.compress(b"".join(LINES))
    path = shop.deliver("a.jsonl", b"")
    path.with_name("b.jsonl.gz").write_bytes(data[: int(len(data) * kept)])
    path.unlink()

    with pytest.raises(Rejected, match="gzip file that was cut or damaged"):
        shop.bring()


def test_a_gzip_file_whose_text_was_cut_is_refused(shop: Shop) -> None:
    shop.deliver("a.jsonl.gz", b"".join(LINES)[:-3])

    with pytest.raises(Rejected, match="no line end after its last row"):
        shop.bring()


def test_a_gzip_bomb_is_refused(shop: Shop) -> None:
    shop.deliver("a.jsonl.gz", b"0" * (80 << 20))

    with pytest.raises(Rejected, match="unpacks to more than 100 times its size"):
        shop.bring()


def test_a_link_is_refused(shop: Shop, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere.jsonl"
    target.write_bytes(b"".join(LINES))
    shop.deliver("a.jsonl", b"").unlink()
    (shop.inbox / "people" / "a.jsonl").symlink_to(target)

    with pytest.raises(Rejected, match="is a link"):
        shop.bring()


def test_a_folder_that_may_not_be_read_is_named(shop: Shop) -> None:
    if os.getuid() == 0:
        pytest.skip("root may read everything")
    shop.inbox.chmod(0)

    with pytest.raises(CdpError, match="may not be read"):
        shop.land()


def parquet(shop: Shop, name: str = "a.parquet", **options: object) -> Path:
    shop.declare(format="parquet")
    path = shop.deliver(name, b"")
    table = pa.table(
        {"id": [str(n) for n in range(500)], "name": [f"Ann{n}" for n in range(500)], "zip": list(range(500))}
    )
    pq.write_table(table, path, **options)
    return path


def test_parquet_values_become_text(shop: Shop) -> None:
    parquet(shop)

    assert shop.bring().loaded == 500
    assert shop.query("select id, name, town, zip, _line from raw.shop__people where id = '7'") == [
        ("7", "Ann7", None, "7", 8)
    ]


@pytest.mark.parametrize("kept", [0, 3, 100, -1, -5, -200])
def test_cut_parquet_is_refused(shop: Shop, kept: int) -> None:
    path = parquet(shop)
    path.write_bytes(path.read_bytes()[:kept])

    with pytest.raises(Rejected, match="cut"):
        shop.bring()


def test_a_codec_that_we_do_not_trust_is_refused(shop: Shop) -> None:
    parquet(shop, compression="brotli")

    with pytest.raises(Rejected, match="codec BROTLI"):
        shop.bring()


def test_flipped_bits_in_parquet_show_against_the_promised_digest(shop: Shop) -> None:
    import hashlib

    path = parquet(shop, compression="zstd")
    whole = path.read_bytes()
    path.with_name("a.parquet.sha256").write_text(hashlib.sha256(whole).hexdigest())
    dice = random.Random(7)
    for _ in range(50):
        flipped = bytearray(whole)
        flipped[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        path.write_bytes(flipped)
        with pytest.raises(Rejected, match="its sidecar says"):
            shop.land()


def test_flipped_bits_in_pages_with_checksums_are_found(shop: Shop) -> None:
    path = parquet(shop, compression="zstd", write_page_checksum=True)
    whole = path.read_bytes()
    dice, silent = random.Random(7), 0
    for _ in range(30):
        flipped = bytearray(whole)
        flipped[dice.randrange(4, len(whole) * 3 // 4)] ^= 1 << dice.randrange(8)
        path.write_bytes(flipped)
        try:
            shop.land()
            silent += 1
        except Rejected:
            pass
    assert silent <= 1, "page headers are not covered by the page's checksum"


def test_nul_in_parquet_is_set_aside(shop: Shop) -> None:
    shop.declare(format="parquet")
    path = shop.deliver("a.parquet", b"")
    pq.write_table(pa.table({"id": ["1", "2", None], "name": ["a\0b", "ok", "no key"]}), path)

    counts = shop.bring()

    assert (counts.received, counts.loaded, counts.quarantined) == (3, 1, 2)
    assert [reason for _, reason, _ in shop.quarantine()] == ["NUL character", "missing primary key: id"]
