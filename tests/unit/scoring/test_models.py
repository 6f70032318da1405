"""The models find what made the data: published estimates on public data, known parameters on simulated customers."""

import os
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta

from scoring.purchasing import Purchasing, PurchasingModel, fit_purchasing, log_likelihood
from scoring.spending import SpendingModel, fit_spending
from scoring.subscriptions import fit_hazards

CDNOW = Path(os.environ.get("CDP_PUBLIC_DATA", "")) / "cdnow" / "sample_2357.txt"
needs_cdnow = pytest.mark.skipif(
    not os.environ.get("CDP_PUBLIC_DATA"), reason="CDP_PUBLIC_DATA is unset: it names the folder that holds cdnow/"
)
PUBLISHED = PurchasingModel(r=0.243, alpha=4.414, a=0.793, b=2.426)
PUBLISHED_SPENDING = SpendingModel(p=6.25, q=3.74, scale=15.44)


@pytest.fixture(scope="module")
def cdnow() -> tuple[Purchasing, np.ndarray]:
    """The sample's first 39 weeks, and the mean of each customer's repeat purchases."""
    end, days = date(1997, 9, 30), defaultdict(lambda: defaultdict(float))
    for line in CDNOW.read_text().splitlines():
        _, customer, day, _, dollars = line.split()
        if (on := datetime.strptime(day, "%Y%m%d").date()) <= end:
            days[customer][on] += float(dollars)
    rows = [(len(on) - 1, (max(on) - min(on)).days / 7, (end - min(on)).days / 7) for on in days.values()]
    spent = [np.mean([on[day] for day in sorted(on)[1:]]) if len(on) > 1 else 0.0 for on in days.values()]
    return Purchasing(*np.array(rows, dtype=float).T), np.array(spent)


def simulated(model: PurchasingModel, customers: int, seed: int = 1) -> Purchasing:
    """Customers who behave as the model says, seen for 30 to 100 weeks."""
    dice = np.random.default_rng(seed)
    age = dice.uniform(30, 100, customers)
    rates = dice.gamma(model.r, 1 / model.alpha, customers)
    leaving = dice.beta(model.a, model.b, customers)
    repeats, last = np.zeros(customers), np.zeros(customers)
    for each in range(customers):
        at = 0.0
        while (at := at + dice.exponential(1 / rates[each])) <= age[each]:
            repeats[each], last[each] = repeats[each] + 1, at
            if dice.random() < leaving[each]:
                break
    return Purchasing(repeats, last, age)


@needs_cdnow
def test_purchasing_reproduces_the_published_estimates(cdnow):
    purchasing, _ = cdnow
    assert len(purchasing.age) == 2357

    found = fit_purchasing(purchasing)

    assert [found.r, found.alpha, found.a, found.b] == pytest.approx([0.243, 4.414, 0.793, 2.426], rel=0.01)
    assert log_likelihood(found, purchasing).sum() == pytest.approx(-9582.4, abs=0.1)


@needs_cdnow
def test_spending_reproduces_the_published_estimates(cdnow):
    purchasing, spent = cdnow
    found = fit_spending(purchasing.repeats, spent)
    assert [found.p, found.q, found.scale] == pytest.approx([6.25, 3.74, 15.44], rel=0.01)


def test_purchasing_recovers_the_parameters_that_made_the_data():
    true = PurchasingModel(r=0.5, alpha=6.0, a=0.8, b=2.5)
    found = fit_purchasing(simulated(true, 12_000))
    assert [found.r, found.alpha] == pytest.approx([true.r, true.alpha], rel=0.1)
    assert found.a / (found.a + found.b) == pytest.approx(true.a / (true.a + true.b), rel=0.1)


def test_spending_recovers_the_parameters_that_made_the_data():
    dice, customers = np.random.default_rng(3), 20_000
    purchases = dice.integers(1, 8, customers).astype(float)
    scales = dice.gamma(PUBLISHED_SPENDING.q, 1 / PUBLISHED_SPENDING.scale, customers)
    means = dice.gamma(PUBLISHED_SPENDING.p * purchases) / scales / purchases
    found = fit_spending(purchases, means)
    assert [found.p, found.q, found.scale] == pytest.approx([6.25, 3.74, 15.44], rel=0.1)


def test_the_papers_example_of_a_customer_is_foretold():
    """Two repeats, the last in week 30.43 of 38.86: 1.226 purchases in 39 weeks (Fader, Hardie and Lee 2005)."""
    one = Purchasing(np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert PUBLISHED.purchases_within(39, one) == pytest.approx([1.226], abs=0.001)


@pytest.mark.parametrize("repeats", [0, 1, 7, 150])
@pytest.mark.parametrize("model", [PUBLISHED, PurchasingModel(1.5, 3.0, 1.0, 2.0)], ids=["published", "a is one"])
def test_expected_purchases_are_the_integral_that_they_stand_for(repeats, model):
    one = Purchasing(np.array([float(repeats)]), np.array([30.0 * (repeats > 0)]), np.array([38.86]))

    def bought(leaving: float) -> float:
        stays = (1 + leaving * 39 / (model.alpha + 38.86)) ** -(model.r + repeats)
        return (1 - stays) / leaving * beta.pdf(leaving, model.a, model.b + repeats)

    whole = quad(bought, 0, 1, limit=500)[0] * model.alive(one)
    assert model.purchases_within(39, one) == pytest.approx(whole, rel=1e-4)


def test_probabilities_agree_with_what_simulated_customers_then_do():
    """Of customers seen until week 40, the share that buys again by week 60 is what was foretold, and so in fifths."""
    dice, true = np.random.default_rng(5), PurchasingModel(r=0.8, alpha=6.0, a=0.7, b=2.5)
    rates, leaving = dice.gamma(true.r, 1 / true.alpha, 4000), dice.beta(true.a, true.b, 4000)
    rows, again = [], []
    for rate, leaves in zip(rates, leaving, strict=True):
        at, days = 0.0, []
        while (at := at + dice.exponential(1 / rate)) <= 60:
            days.append(at)
            if dice.random() < leaves:
                break
        seen = [day for day in days if day <= 40]
        rows.append((len(seen), max(seen, default=0.0), 40.0))
        again.append(len(days) > len(seen))
    foretold = true.buys_within(20, Purchasing(*np.array(rows).T))
    order = np.argsort(foretold)
    assert foretold.mean() == pytest.approx(np.mean(again), abs=0.02)
    for part in np.array_split(order, 5):
        assert foretold[part].mean() == pytest.approx(np.array(again)[part].mean(), abs=0.05)


def test_without_a_repeat_there_is_no_model():
    once = Purchasing(np.zeros(5), np.zeros(5), np.arange(1.0, 6.0))
    assert fit_purchasing(once) is None
    assert fit_purchasing(Purchasing(*(np.array([]),) * 3)) is None
    assert fit_spending(np.array([1.0]), np.array([10.0])) is None


def test_a_hazard_is_the_share_that_ends_in_a_month():
    """A tenth of the subscriptions ends in each of the first two months, and none afterwards."""
    dice = np.random.default_rng(2)
    ended = dice.random(20_000) < 1 - 0.9**2
    age_days = np.where(ended, dice.uniform(0, 60.8, 20_000), 400.0)

    model = fit_hazards(age_days, ended)

    assert model.hazards[0] == pytest.approx(0.1, abs=0.01)
    assert max(model.hazards[1:5]) < 0.001
    assert model.ends_within(60.8, np.array([0.0]))[0] == pytest.approx(0.19, abs=0.01)
    assert model.ends_within(60.8, np.array([70.0]))[0] < 0.005
