"""How much goes wrong in the demo, and how often. Every rate of the generator is here, each a probability from 0 to 1.

A rate that lives in a writer does not belong there: move it here. How an error looks is in errors.py.
Concept: docs/operate.md.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ErrorRates:
    """Probabilities per record unless the comment says otherwise."""

    # names
    nickname: float = 0.16  # Bill for William, where the name has a short form
    initial_only: float = 0.03  # W. for William
    typo: float = 0.035  # one slip of the finger, per name
    swapped_names: float = 0.015  # given and family name in each other's field
    letter_case: float = 0.06  # SMITH or smith, and stray spaces
    plain_letters: float = 0.30  # Müller as Mueller or Muller, per record of a name that has such letters
    married_name: float = (
        0.30  # women in couples who took the name; records from before carry the old one (men: a fifth of it)
    )
    # birth dates
    birth_date_slip: float = 0.03  # day and month swapped, or one digit off
    birth_date_default: float = 0.012  # 1 January 1900 or 1970, what a till types in
    # contact points
    email_typo: float = 0.012  # gmial.com, a letter lost
    email_changed: float = 0.12  # per person: an older mailbox that older records still carry
    second_mailbox: float = 0.15  # per person: one more private address in parallel use
    work_email: float = 0.10  # a private record of somebody employed carries the work address
    phone_changed: float = 0.12  # per person: an older mobile number
    junk_email: float = 0.018  # test@test.com, n/a, none@none.com
    junk_phone: float = 0.03  # 0000000000, 123456, n/a
    partner_email: float = 0.04  # the order goes through the partner's mailbox, per record in a household
    stranger: float = 0.03  # a further record shares no contact point, birth date or home with the person's others
    # households and companies
    shared_email: float = 0.22  # per household of two and more: one mailbox for all
    shared_email_use: float = 0.50  # a member's record carries it, where there is one
    shared_phone: float = 0.40  # per household of two and more: one landline
    shared_phone_use: float = 0.40  # a member's record carries it, where there is one
    namesakes: float = 0.16  # per household with a grown-up child: parent and child bear one name (Jr. is dropped)
    twins: float = 0.14  # per household with two children: one birth date, one surname
    same_initial_twins: float = 0.5  # per pair of twins: Lena and Lea
    company_inbox: float = 0.06  # a buyer's record carries info@ of the company
    switchboard: float = 0.25  # a buyer's phone is the company's
    # life
    movers: float = 0.20  # per household: moved within the last four hundred days
    address_abbreviated: float = 0.35  # Str. for Straße, St for Street
    address_typo: float = 0.03
    # systems
    duplicate: float = 0.09  # one person twice in one system
    missing: float = 0.05  # any filled field of a record, lost
    correction: float = 0.02  # a phone goes A → B → A
    update: float = 0.12  # any other change after the first delivery
    deletion: float = 0.01  # a member leaves the snapshot, a contact is archived
    # the website
    shared_device: float = 0.07  # per household of two and more: one tablet, two sign-ins
    bot_share: float = 0.04  # of events
    redelivered_event: float = 0.002  # the same message twice
    late_event: float = 0.01  # sent hours after it happened
    email_only_identify: float = 0.25  # a visitor without a user id leaves an address (newsletter)
    # the consent banner, per device
    banner_unanswered: float = 0.30  # its calls carry no consent at all
    banner_refuses_advertising: float = 0.45
    banner_refuses_analytics: float = 0.25
    banner_refuses_functional: float = 0.08
    banner_changed: float = 0.06  # advertising the other way from some moment on


DEFAULT_RATES = ErrorRates()
