"""Traffic that is left out by rule: what a rule meets, and what is wrong with one.

Belongs here: standardise/traffic.py. Must not go here: what models do with a call that is left out.
"""

import ipaddress
from pathlib import Path

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from standardise.traffic import Rule, macros_of, problems, read_rules

RULES = """rule,kind,pattern,traffic
crawlers,user_agent,Bot|crawl,bot
office,ip,198.51.100.0/22,internal
office,ip,2001:db8:40::/42,internal
kiosk,ip,192.0.2.7,internal
test tablet,device,qa-1.5,internal
our own people,email_domain,ours.io,internal
"""


def rules_of(text: str, folder: Path) -> list[Rule]:
    (folder / "rules.csv").write_text(text)
    return read_rules(folder / "rules.csv")


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory):
    con = duckdb.connect()
    con.execute(macros_of(rules_of(RULES, tmp_path_factory.mktemp("traffic"))))
    return lambda *call: con.execute("select std_traffic_rule(?, ?, ?)", list(call)).fetchall()[0][0]


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (("Mozilla/5.0 (compatible; Googlebot/2.1)", "11.2.3.4", "a"), "crawlers"),
        (("Mozilla/5.0 (compatible; googleBOT/2.1)", "198.51.100.1", "a"), "crawlers"),
        (("Mozilla/5.0", "198.51.100.0", "a"), "office"),
        (("Mozilla/5.0", "198.51.103.255", "a"), "office"),
        (("Mozilla/5.0", "198.51.104.0", "a"), None),
        (("Mozilla/5.0", "198.51.99.255", "a"), None),
        (("Mozilla/5.0", "2001:db8:7f:ffff::1", "a"), "office"),
        (("Mozilla/5.0", "2001:DB8:40::1", "a"), "office"),
        (("Mozilla/5.0", "2001:db8:80::1", "a"), None),
        (("Mozilla/5.0", "::ffff:192.0.2.7", "a"), "kiosk"),
        (("Mozilla/5.0", "192.0.2.77", "a"), None),
        (("Mozilla/5.0", "11.2.3.4", "qa-1.5"), "test tablet"),
        (("Mozilla/5.0", "11.2.3.4", "qa-1x5"), None),
        (("Mozilla/5.0", "11.2.3.4", "a"), None),
        (("Mozilla/5.0", "no address", "a"), None),
        ((None, None, None), None),
    ],
)
def test_a_call_meets_the_first_rule_that_fits_it(met, call, rule):
    assert met(*call) == rule


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_network_holds_what_the_standard_says(data):
    width = data.draw(st.sampled_from([32, 128]))
    make = ipaddress.IPv4Address if width == 32 else ipaddress.IPv6Address
    length = data.draw(st.integers(1, width))
    first = data.draw(st.integers(0, 2**width - 1)) >> (width - length) << (width - length)
    network = ipaddress.ip_network((make(first), length))
    address = make(data.draw(st.integers(first, min(first + (2 << (width - length)), 2**width - 1))))
    assume(not getattr(address, "ipv4_mapped", None))  # is told as its version 4
    with duckdb.connect() as con:
        con.execute(macros_of([Rule(2, "office", "ip", str(network), "internal")]))
        found = con.execute("select std_traffic_rule(null, ?, null)", [str(address)]).fetchall()[0][0]
    assert (found == "office") == (address in network)


BAD = """rule,kind,pattern,traffic
,user_agent,bot,bot
cus_4711,device,abc,internal
crawlers,user_agent,bot(,bot
crawlers,user_agent,bot|,bot
crawlers,user_agent,,bot
office,ip,10.0.0.300,internal
office,ip,10.0.0.1/24,internal
office,ip,0.0.0.0/0,internal
office,network,10.0.0.0/8,internal
staff,device,abc,ours
staff,email_domain,@ours.io,internal
staff,email_domain,ours.io,bot
"""
NAMED = [
    "line 2 has no name that can be published",
    "line 3 has no name that can be published",
    "line 4 holds no regular expression",
    "line 5 is met by an empty user agent",
    "line 6 has an empty pattern",
    "line 7 holds no address and no network",
    "line 8 holds no address and no network",
    "line 9 is the network of all addresses",
    "line 10 is of an unknown kind",
    "line 11 leaves out neither bot nor internal",
    "line 12 holds no domain",
    "line 13 takes people with an e-mail address for machines",
    "lines 3, 11 say the same: keep one",
]


def test_every_mistake_is_named_with_its_line_and_without_its_pattern(tmp_path):
    rules = rules_of(BAD, tmp_path)

    found = problems(rules)

    assert [(one, wanted) for one, wanted in zip(found, NAMED, strict=True) if not one.startswith(wanted)] == []
    assert not any(rule.pattern in problem for rule in rules[5:9] for problem in found)


def test_a_rule_with_a_mistake_meets_nobody_and_the_others_still_hold(tmp_path):
    con = duckdb.connect()
    con.execute(macros_of(rules_of(BAD + "ok,user_agent,curl,bot\n", tmp_path)))

    calls = ["curl/8", "bot", "Mozilla"]
    assert [con.execute("select std_traffic_rule(?, null, null)", [call]).fetchall()[0][0] for call in calls] == [
        "ok",
        None,
        None,
    ]
    assert con.execute("select std_traffic_problems()").fetchall()[0][0].count("; ") == len(NAMED) - 1


def test_the_declared_rules_are_in_order():
    assert problems(read_rules()) == []
