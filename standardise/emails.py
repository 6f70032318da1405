"""E-mail addresses and domains.

Belongs here: the one spelling of an address or a domain. Must not go here: whether an address is junk (blocked.py) or
may be written to (consent).
Concept: RFC 5321 and 5322 by way of email-validator, without asking the DNS.
"""

import re
import unicodedata

from standardise.text import settled, visible

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# An address that is clean already: SQL and Python use this one text, so they cannot disagree about what is clean.
CLEAN_EMAIL = rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[a-z]{{2,63}}"
CLEAN_DOMAIN = rf"(?:{_LABEL}\.)+[a-z]{{2,63}}"
LONGEST_LOCAL_PART, LONGEST_EMAIL, LONGEST_DOMAIN = 64, 254, 253

_CLEAN_EMAIL, _CLEAN_DOMAIN = re.compile(CLEAN_EMAIL), re.compile(CLEAN_DOMAIN)
_ANGLED = re.compile(r"<([^<>]*)>")
_AROUND = " \t'\"`<>()[],;:."
_DOT_BLIND = {"gmail.com", "googlemail.com"}
_PLUS_BLIND = _DOT_BLIND | {
    *("outlook.com", "hotmail.com", "hotmail.co.uk", "hotmail.de", "live.com", "live.co.uk", "msn.com", "icloud.com"),
    *("me.com", "mac.com", "fastmail.com", "proton.me", "protonmail.com", "pm.me"),
}


def std_email(text: str) -> str | None:
    """The address in lower case, its domain in ASCII; null when it is not one.

    'Bob <Bob+News@Exämple.com>' gives 'bob+news@xn--exmple-cua.com'. Tags and dots stay: see std_email_key.
    """
    return settled(_email, text)


def _email(text: str) -> str | None:
    address = unicodedata.normalize("NFKC", visible(text))
    if angled := _ANGLED.search(address):
        address = angled[1]
    address = re.sub(r"\s*@\s*", "@", address.strip(_AROUND)).lower().removeprefix("mailto:")
    first = re.split(r"[;,\s]", address.split("?subject=")[0], maxsplit=1)[0].strip(_AROUND)
    return first if is_clean_email(first) else _validated(first)


def is_clean_email(address: str) -> bool:
    return (
        len(address) <= LONGEST_EMAIL
        and "--" not in address
        and address.find("@") <= LONGEST_LOCAL_PART
        and _CLEAN_EMAIL.fullmatch(address) is not None
    )


def _validated(address: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    if "@" not in address or len(address) > LONGEST_EMAIL or address.rfind("@") > LONGEST_LOCAL_PART:
        return None
    try:
        found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    domain = (found.ascii_domain or "").lower()
    is_public = "." in domain and not domain.rpartition(".")[2].isdigit()
    return f"{found.local_part.lower()}@{domain}" if is_public else None


def std_email_key(text: str) -> str | None:
    """The mailbox behind an address: what its provider ignores (Gmail's dots, tags after +) is gone."""
    if (address := std_email(text)) is None:
        return None
    local, _, domain = address.rpartition("@")
    if domain in _PLUS_BLIND:
        local = local.split("+")[0] or local
    if domain in _DOT_BLIND:
        local, domain = local.replace(".", "") or local, "gmail.com"
    return f"{local}@{domain}"


def std_domain(text: str) -> str | None:
    """The host of a domain, URL or e-mail address, without www., in ASCII; null when it is not one."""
    return settled(_domain, text)


def _domain(text: str) -> str | None:
    host = unicodedata.normalize("NFKC", visible(text)).lower()
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", host)
    host = re.split(r"[/?#\s,;]", host, maxsplit=1)[0].rpartition("@")[2]
    host = re.sub(r":\d*$", "", host).strip(_AROUND)
    host = re.sub(r"^(www\.)+", "", host)
    return host if is_clean_domain(host) else _encoded(host)


def is_clean_domain(host: str) -> bool:
    return len(host) <= LONGEST_DOMAIN and "--" not in host and _CLEAN_DOMAIN.fullmatch(host) is not None


def _encoded(host: str) -> str | None:
    import idna

    try:
        ascii_host = idna.encode(host, uts46=True).decode().lower()
    except idna.IDNAError:
        return None
    return ascii_host if "." in ascii_host and not ascii_host.rpartition(".")[2].isdigit() else None
