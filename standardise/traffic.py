"""Traffic that is no customer's: machines, and our own people.

Belongs here: reading seeds/reference/excluded_traffic.csv, what is wrong in it, and SQL that tells which rule a call of
a site or an app meets. Must not go here: what is done with such a call (models).
Concept: what is left out is declared, and each call that is left out can say by which rule. A network is matched as
text: the digits that its addresses share are a prefix, so one regular expression holds every rule of a kind.
"""

import csv
import ipaddress
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from standardise.emails import std_domain

EXCLUDED_TRAFFIC = Path(__file__).parents[1] / "seeds" / "reference" / "excluded_traffic.csv"
KINDS = ("user_agent", "ip", "device", "email_domain")
BOT, INTERNAL = "bot", "internal"
NAME = re.compile(r"[a-z][a-z_ -]*")  # a rule's name is published: no address or id may stand in it


@dataclass(frozen=True)
class Rule:
    """kind: one of KINDS. traffic: bot (a machine, which is nobody) or internal (ours: a person, but no customer)."""

    line: int
    rule: str
    kind: str
    pattern: str
    traffic: str


def read_rules(path: Path = EXCLUDED_TRAFFIC) -> list[Rule]:
    with path.open(encoding="utf-8", newline="") as file:
        texts = [{name: (text or "").strip() for name, text in row.items() if name} for row in csv.DictReader(file)]
    return [
        Rule(line, *(row.get(column, "") for column in ("rule", "kind", "pattern", "traffic")))
        for line, row in enumerate(texts, start=2)
    ]


def problems(rules: list[Rule]) -> list[str]:
    """What is wrong with the rules, each with its line and its remedy. No pattern is quoted: it may be somebody's."""
    found = [f"line {rule.line} {problem}" for rule in rules for problem in _problems_of(rule)]
    counted = Counter((rule.kind, rule.pattern) for rule in rules)
    repeated = [rule.line for rule in rules if rule.pattern and counted[rule.kind, rule.pattern] > 1]
    return found + ([f"lines {', '.join(map(str, repeated))} say the same: keep one"] if repeated else [])


def _problems_of(rule: Rule) -> Iterator[str]:
    if not NAME.fullmatch(rule.rule):
        yield "has no name that can be published: say what the rule is for in lower-case words"
    if rule.traffic not in (BOT, INTERNAL):
        yield f"leaves out neither {BOT} nor {INTERNAL}: say which of them is met"
    if rule.kind not in KINDS:
        yield f"is of an unknown kind: use one of {', '.join(KINDS)}"
    elif not rule.pattern:
        yield "has an empty pattern, which would be met by everybody: write one, or remove the line"
    elif problem := _problem_of_pattern(rule):
        yield problem


def _problem_of_pattern(rule: Rule) -> str | None:
    if rule.kind == "user_agent":
        return _problem_of_expression(rule.pattern)
    if rule.kind == "ip":
        return _problem_of_network(rule.pattern)
    if rule.kind == "email_domain":
        if rule.traffic == BOT:
            return "takes people with an e-mail address for machines: their traffic is internal"
        if std_domain(rule.pattern) != rule.pattern:
            return "holds no domain: write what stands behind the @, in lower case"
    return None


def _problem_of_expression(pattern: str) -> str | None:
    try:
        with duckdb.connect() as con:
            everybody = con.execute("select regexp_matches('', $pattern)", {"pattern": pattern}).fetchall()[0][0]
    except duckdb.Error:
        return "holds no regular expression: mend its brackets and signs, and use no look-around"
    return "is met by an empty user agent, and so by everybody: write what only they say" if everybody else None


def _problem_of_network(pattern: str) -> str | None:
    try:
        network = ipaddress.ip_network(pattern)
    except ValueError:
        return "holds no address and no network: write one address, or a network as its first address, /, its length"
    return None if network.prefixlen else "is the network of all addresses: write that of one place"


def _same_start(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> str:
    """A regular expression for a network's addresses, version 6 written out in 32 digits."""
    whole, rest = divmod(network.prefixlen, 8 if network.version == 4 else 4)
    if network.version == 6:
        digits = f"{int(network.network_address):032x}"
        span = range(int(digits[whole], 16), int(digits[whole], 16) + (16 >> rest)) if rest else range(0)
        return digits[:whole] + (f"[{''.join(f'{digit:x}' for digit in span)}]" if rest else "") + "[0-9a-f]*"
    octets = list(network.network_address.packed)
    parts = [str(octet) for octet in octets[:whole]]
    if rest:
        parts.append(f"(?:{'|'.join(str(octets[whole] + more) for more in range(2 ** (8 - rest)))})")
    return r"\.".join(parts + ["[0-9]{1,3}"] * (4 - len(parts)))


@cache
def macros() -> str:
    """The macros of the rules that are declared."""
    return macros_of(read_rules())


def macros_of(rules: list[Rule]) -> str:
    """The SQL of std_traffic_rule(user_agent, ip, device), std_is_bot_rule(rule) and std_traffic_problems().

    A rule with a problem is in none of them: the problems stop the build where the rules are first used.
    """
    good = [rule for rule in rules if not list(_problems_of(rule))]
    bots = sorted({rule.rule for rule in good if rule.traffic == BOT})
    return ";\n".join(
        [
            f"create or replace macro std_traffic_problems() as {_quoted('; '.join(problems(rules)))}",
            f"create or replace macro std_is_bot_rule(rule) as {_is_one_of('rule', bots)}",
            f"create or replace macro std_ip_in_full(ip) as {IP_IN_FULL}",
            f"create or replace macro std_traffic_rule(user_agent, ip, device) as {_rule_met(good)}",
        ]
    )


# Version 6 with its zeros, for prefixes to be compared; '::' stands for as many groups as are missing to eight.
_GROUPS = "[lpad(part, 4, '0') for part in string_split(split_part(ip, '::', {}), ':') if part <> '']"
_HEAD, _TAIL = _GROUPS.format(1), _GROUPS.format(2)
_MISSING = f"['0000' for _ in range(8 - len({_HEAD}) - len({_TAIL}))]"
IP_IN_FULL = f"array_to_string(list_concat(list_concat({_HEAD}, {_MISSING}), {_TAIL}), '')"
_IP = "regexp_replace(lower(split_part(trim(ip), '%', 1)), '^::ffff:', '')"


def _rule_met(rules: list[Rule]) -> str:
    """Most calls meet none: they cost one test per kind, and only those that meet one are asked which, by line."""
    kinds = {kind: [rule for rule in rules if rule.kind == kind] for kind in KINDS[:3]}
    if not any(kinds.values()):
        return "cast(null as varchar)"
    whens = [f"when {_test([rule])} then {_quoted(rule.rule)}" for rule in rules if rule.kind in kinds]
    return (
        f"case when {' or '.join(_test(some) for some in kinds.values() if some)} then case {' '.join(whens)} end end"
    )


def _test(rules: list[Rule]) -> str:
    """SQL: is one of these rules, all of one kind, met?"""
    patterns = [rule.pattern for rule in rules]
    if rules[0].kind == "user_agent":
        anyone = "|".join(f"(?:{pattern})" for pattern in patterns)
        return f"coalesce(regexp_matches(user_agent, {_quoted(anyone)}, 'i'), false)"
    if rules[0].kind == "device":
        return f"coalesce({_is_one_of('trim(device)', patterns)}, false)"
    networks = [ipaddress.ip_network(pattern) for pattern in patterns]
    tests = []
    if fours := [_same_start(network) for network in networks if network.version == 4]:
        tests.append(f"regexp_full_match({_IP}, {_quoted('|'.join(fours))})")
    if sixes := [_same_start(network) for network in networks if network.version == 6]:
        in_full = f"case when contains({_IP}, ':') then std_ip_in_full({_IP}) end"
        tests.append(f"regexp_full_match({in_full}, {_quoted('|'.join(sixes))})")
    return f"coalesce({' or '.join(tests)}, false)"


def _is_one_of(form: str, values: list[str]) -> str:
    return f"regexp_full_match({form}, {_quoted('|'.join(map(re.escape, values)))})" if values else "false"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
