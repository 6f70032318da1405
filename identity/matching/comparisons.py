"""What the model compares, derived from the roles that are there: one comparison per thing, with ordered levels.

Belongs here: comparisons and their levels as SQL. Must not go here: training, scoring, what follows from a level.
Concept: Fellegi and Sunter 1969. A level that looks at another comparison's column reads a copy of it, since Splink
does not train a comparison on pairs that were blocked on one of its columns. Fields that say the same thing (street,
house number, postal code, city) are one comparison, or they would be believed several times.
"""

from dataclasses import dataclass, replace
from typing import Any

from identity.matching.nearness import TEN_YEARS_DAYS, YEAR_AND_A_MONTH_DAYS
from identity.roles import Roles

Level = dict[str, Any]
# Ours, not Splink's: the columns without which a level cannot hold.
NEEDS = "needs"
# What one person does not share with whom they live or work with; every other field may be common to a household.
PERSONAL_FIELDS = ("given_name", "middle_name", "generation", "birth_date", "gender", "national_id", "organisation")
# What a trained comparison is described as that is personal, and not of the above.
PERSONAL = "personal"


@dataclass(frozen=True)
class Field:
    """A comparison: its name, the columns that it needs, and its levels from strongest to weakest.

    tells_apart: an identifier of which most people have one.
    """

    name: str
    null_when: str
    levels: tuple[Level, ...]
    columns: tuple[str, ...]
    tells_apart: bool = False

    @property
    def is_personal(self) -> bool:
        """Do people who live or work together not share it?"""
        return self.tells_apart or self.name in PERSONAL_FIELDS

    def as_splink(self) -> dict[str, Any]:
        null: Level = {"sql_condition": self.null_when, "label_for_charts": "unknown", "is_null_level": True}
        other: Level = {"sql_condition": "ELSE", "label_for_charts": "different"}
        levels = [{key: value for key, value in level.items() if key != NEEDS} for level in self.levels]
        return {"output_column_name": self.name, "comparison_levels": [null, *levels, other]}


def levels_of(comparison: dict[str, Any]) -> list[Level]:
    """Of a comparison as Splink has it, the levels that say something, from strongest to weakest: unknown left out."""
    return [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]


def _level(label: str, condition: str, terms: str | None = None, needs: tuple[str, ...] = ()) -> Level:
    """A level; `terms` is the column whose rare values weigh more than its common ones."""
    level: Level = {"sql_condition": condition, "label_for_charts": label, NEEDS: needs}
    return level | {"tf_adjustment_column": terms} if terms else level


def _either_null(column: str) -> str:
    return f"{column}_l is null or {column}_r is null"


def fields_for(roles: Roles, present: set[str]) -> list[Field]:
    """The comparisons for these records. present: columns that hold at least one value."""
    fields = [
        _given_name(), _family_name(), _middle_name(), _generation(), _birth_date(),
        _identifier("email"), _identifier("phone"), _address(), _gender(), _national_id(),
        _attribute("employer", "employer"), _organisation(),
        *(_telling(kind) for kind in roles.tells_apart),
        *(_attribute(name, f"attribute_{name}") for name in roles.attributes),
    ]  # fmt: skip
    return [_without_absent(field, present) for field in fields if set(field.columns) & present]


def is_personal(comparison: dict[str, Any]) -> bool:
    """The same of a trained comparison, as Splink has it."""
    return comparison["output_column_name"] in PERSONAL_FIELDS or comparison.get("comparison_description") == PERSONAL


def _without_absent(field: Field, present: set[str]) -> Field:
    """Leave out the levels that need a column which holds nothing: they could not be learned."""
    absent = {column for column in field.columns if column not in present}
    return replace(field, levels=tuple(level for level in field.levels if not absent & set(level[NEEDS])))


def _given_name() -> Field:
    return Field(
        "given_name",
        _either_null("given_name"),
        (
            _level("same", "given_name_l = given_name_r", "given_name"),
            _level("short form", "list_has_any(given_forms_l, given_forms_r)"),
            _level(
                "alike",
                "is_spelt_alike(given_name_l, given_name_r, given_fold_l, given_fold_r, given_count_l, given_count_r)",
            ),
            _level("sounds alike", "sound_alike(given_name_l, given_name_r, given_sound_l, given_sound_r)"),
            _level("garbled", "is_garbled(given_name_l, given_name_r, given_count_l, given_count_r)"),
            _level("initial", "is_initial(given_name_l, given_name_r)"),
            _level("swapped", "are_swapped(given_name_l, given_name_r, family_copy_l, family_copy_r)"),
        ),
        ("given_name",),
    )


def _family_name() -> Field:
    return Field(
        "family_name",
        _either_null("family_name"),
        (
            _level("same", "family_name_l = family_name_r", "family_name"),
            _level(
                "alike",
                "is_spelt_alike(family_name_l, family_name_r, family_fold_l, family_fold_r, "
                "family_count_l, family_count_r)",
            ),
            _level("sounds alike", "sound_alike(family_name_l, family_name_r, family_sound_l, family_sound_r)"),
            _level("garbled", "is_garbled(family_name_l, family_name_r, family_count_l, family_count_r)"),
            _level("one of two", "list_has_any(family_parts_l, family_parts_r)"),
            _level("swapped", "are_swapped(family_name_l, family_name_r, given_copy_l, given_copy_r)"),
        ),
        ("family_name",),
    )


def _middle_name() -> Field:
    return Field(
        "middle_name",
        _either_null("middle_name"),
        (
            _level("same", "middle_name_l = middle_name_r"),
            _level("initial", "is_initial(middle_name_l, middle_name_r)"),
        ),
        ("middle_name",),
    )


def _generation() -> Field:
    return Field(
        "generation", _either_null("generation"), (_level("same", "generation_l = generation_r"),), ("generation",)
    )


def _birth_date() -> Field:
    return Field(
        "birth_date",
        _either_null("birth_date"),
        (
            _level("same", "birth_date_l = birth_date_r"),
            _level("slip", "is_date_slip(birth_date_l, birth_date_r)"),
            _level("two parts", "has_two_parts(birth_date_l, birth_date_r)"),
            _level("within a year", f"within_days(birth_date_l, birth_date_r, {YEAR_AND_A_MONTH_DAYS})"),
            _level("within ten years", f"within_days(birth_date_l, birth_date_r, {TEN_YEARS_DAYS})"),
        ),
        ("birth_date",),
    )


def _identifier(role: str) -> Field:
    """E-mail or phone: a record may hold several, and one in common is enough."""
    near = {
        "email": (
            _level("near", "is_near_mailbox(email_l, email_r, own_mailbox_l, own_mailbox_r)"),
            _level(
                "alike",
                "is_like_mailbox(email_l, email_r, own_mailbox_l, own_mailbox_r, beyond_name_l, beyond_name_r)",
            ),
            _level("same domain", "email_domain_l = email_domain_r", "email_domain"),
        ),
        "phone": (_level("near", "is_near_phone(phone_l, phone_r)"),),
    }[role]
    return Field(
        role,
        f"{role}s_l is null or {role}s_r is null",
        (_level("same", f"list_has_any({role}s_l, {role}s_r)"), *near),
        (role,),
    )


def _address() -> Field:
    read = ("street", "house_number", "postal_code", "city", "address_words")
    both = ", ".join(f"{column}_{side}" for column in read for side in "lr")
    return Field(
        "address",
        "(postal_code_l is null or postal_code_r is null) and (city_l is null or city_r is null) "
        "and not has_words(address_words_l, address_words_r)",
        (
            _level("same", f"is_one_address({both})", needs=("street",)),
            _level("near", f"is_near_address({both})", needs=("street",)),
            _level("same postal code", "postal_code_l = postal_code_r", "postal_code", needs=("postal_code",)),
            _level("same city", "city_l = city_r", "city", needs=("city",)),
            _level("city alike", "within_edits(city_l, city_r, 2) and length(city_l) >= 5", needs=("city",)),
        ),
        ("street", "postal_code", "city"),
    )


def _gender() -> Field:
    return Field("gender", _either_null("gender"), (_level("same", "gender_l = gender_r"),), ("gender",))


def _national_id() -> Field:
    return Field(
        "national_id",
        _either_null("national_id"),
        (
            _level("same", "national_id_l = national_id_r"),
            _level("slip", "within_edits(national_id_l, national_id_r, 1)"),
        ),
        ("national_id",),
    )


def _telling(kind: str) -> Field:
    """An identifier of which most people have one, such as an account."""
    return Field(
        kind,
        _either_null(f"{kind}s"),
        (_level("same", f"list_has_any({kind}s_l, {kind}s_r)"),),
        (kind,),
        tells_apart=True,
    )


def _organisation() -> Field:
    """The name of a company whose own record it is: branches and short forms leave words out."""
    return Field(
        "organisation",
        _either_null("organisation"),
        (
            _level("same", "organisation_l = organisation_r", "organisation"),
            _level("alike", "jaro_winkler_similarity(organisation_l, organisation_r) >= 0.88"),
            _level("words within", "has_words_within(organisation_words_l, organisation_words_r)"),
            _level("a word", "list_has_any(organisation_words_l, organisation_words_r)"),
        ),
        ("organisation",),
    )


def _attribute(name: str, column: str) -> Field:
    return Field(
        name,
        _either_null(column),
        (
            _level("same", f"{column}_l = {column}_r", column),
            _level("alike", f"jaro_winkler_similarity({column}_l, {column}_r) >= 0.88"),
        ),
        (column,),
    )
