"""Contracts and owners: what is said when a party, a flow, a price or an owner is missing."""

from collections.abc import Callable

import pytest

Told = Callable[..., str]

ALL_OWNED = (
    ("price: 20 EUR/MWh}", "price: 20 EUR/MWh, owner: utility}"),
    ("type: boiler\n", "type: boiler\n    owner: mill\n"),
    ("volume: 3 MWh}", "volume: 3 MWh, owner: utility}"),
    ("heat: {carrier: heat, at: town}", "heat: {carrier: heat, at: town, owner: utility}"),
    ("  utility: {name: Utility}\n", "  utility: {name: Utility}\n  mill: {name: Mill}\n"),
)


def with_contract(text: str) -> tuple[str, str]:
    return ("components:\n", f"contracts:\n  deal: {text}\ncomponents:\n")


GOOD = "seller: mill, buyer: utility, flow: boiler"


def test_everything_needs_an_owner_where_money_is_booked(told: Told) -> None:
    """A component whose costs nobody bears would make the books lie."""
    changes = [change for change in ALL_OWNED if "volume" not in change[0]]
    message = told(*changes, with_contract(f"{{{GOOD}, price: {{fixed: 9 EUR/MWh}}}}"))

    assert message == (
        "scenario.yaml:26: components.tank: 'tank' has no owner. The contracts ask who pays. Give it an  owner."
    )


def test_a_network_where_two_meet_needs_one_too(told: Told) -> None:
    changes = [change for change in ALL_OWNED if "carrier" not in change[0]]
    message = told(*changes, with_contract(f"{{{GOOD}, price: {{fixed: 9 EUR/MWh}}}}"))

    assert "networks.heat: 'heat' has no owner, and mill, utility meet there." in message


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        ("seller: mill, buyer: mill, flow: boiler", "'mill' sells to itself. A contract is between two actors."),
        (
            "seller: mill, buyer: utility, flow: tank.charge",
            "No flow of 'tank' runs between mill and utility: it meets 'heat' of utility. "
            "Name a flow into a network of mill, or under  to:  what of utility takes it there.",
        ),
        ("seller: mill, buyer: utility, flow: boiler.steam", "'boiler' has no flow 'steam'. Known here: fuel, heat."),
    ],
)
def test_a_contract_without_a_flow_between_its_parties(told: Told, contract: str, said: str) -> None:
    message = told(*ALL_OWNED, with_contract(f"{{{contract}, price: {{fixed: 9 EUR/MWh}}}}"))

    assert said in message
    assert message.startswith("scenario.yaml:15: contracts.deal.")


SHOWER = ("  tank:", "  shower: {type: heat_demand, to: heat, load: 1 MW, owner: utility}\n  tank:")


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        ("flow: boiler, to: showers", "contracts.deal.to: There is no component 'showers'. Did you mean 'shower'?"),
        ("flow: boiler, to: shower.steam", "contracts.deal.to: 'shower' takes nothing by a flow 'steam'."),
        ("flow: shower, to: boiler", "contracts.deal.flow: 'shower' gives nothing to a network."),
        (
            "flow: tank, to: shower",
            "contracts.deal.flow: 'tank' belongs to utility. With 'to' it must belong to mill. Give it  owner: mill ,",
        ),
    ],
)
def test_a_flow_that_does_not_reach_the_buyer(told: Told, contract: str, said: str) -> None:
    terms = f"{{seller: mill, buyer: utility, {contract}, price: {{fixed: 9 EUR/MWh}}}}"

    assert said in told(*ALL_OWNED, SHOWER, with_contract(terms))


def test_a_flow_to_one_who_may_not_have_it(told: Told) -> None:
    owned = "at: town, owner: utility"
    forbidden = (owned, f"{owned}, forbidden: [{{from: [boiler], to: [shower], reason: oil}}]")
    terms = f"{{{GOOD}, to: shower, price: {{fixed: 9 EUR/MWh}}}}"
    message = told(*ALL_OWNED, SHOWER, forbidden, with_contract(terms))

    assert "contracts.deal.to: 'heat' forbids heat of 'boiler' for 'shower'." in message


@pytest.mark.parametrize("second", ["", ", to: shower"])
def test_a_flow_is_sold_once(told: Told, second: str) -> None:
    """All of it, and the shower's part of it besides."""
    price = "price: {fixed: 9 EUR/MWh}"
    one, other = f"{{{GOOD}, {price}}}", f"{{{GOOD}{second}, {price}}}"
    message = told(*ALL_OWNED, SHOWER, with_contract(f"{one}\n  again: {other}"))

    assert "contracts.again: 'boiler.heat' is sold by contract 'deal' already. Sell each part in one" in message


def test_a_flow_of_a_third_party(told: Told) -> None:
    changes = [*ALL_OWNED[:-1], (ALL_OWNED[-1][0], ALL_OWNED[-1][1] + "  third: {name: Third}\n")]
    message = told(*changes, with_contract("{seller: third, buyer: utility, flow: boiler, price: {fixed: 9 EUR/MWh}}"))

    assert "contracts.deal.flow: 'boiler' belongs to mill. It must belong to third or utility." in message


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("price: {}", "There is no price. Give one of fixed, indexed, alternative_cost, marginal, share_of_saving"),
        ("price: {fixed: 9 EUR/MWh, marginal: 90 %}", "The price is found in 2 ways: fixed, marginal."),
        ("price: {share_of_savings: 50 %}", "Did you mean 'share_of_saving'?"),
        ("price: {share_of_saving: 130 %}", "is out of range. It must be at most 1"),
        ("price: {fixed: 9 EUR}", "EUR/MWh"),
        ("price: {fixed: 9 EUR/MWh}, connection: {seller: 40 %, buyer: 50 %}", "The shares add up to 90 %."),
        ("price: {fixed: 9 EUR/MWh}, connection: nobody", "connection"),
        ("price: {fixed: 9 EUR/MWh}, take_or_pay: {energy: 5 MWh}", "'price' is missing"),
    ],
)
def test_terms_that_cannot_be_meant(told: Told, terms: str, said: str) -> None:
    message = told(*ALL_OWNED, with_contract(f"{{{GOOD}, {terms}}}"))

    assert said in message
    assert "scenario.yaml:15" in message


def test_an_unknown_perspective(told: Told) -> None:
    message = told(("discount_rate: 5 %}", "discount_rate: 5 %, perspective: societal}"))

    assert message == (
        "scenario.yaml:3: economy.perspective: 'societal' is not known here. It must be one of 'actors', 'society'."
    )
