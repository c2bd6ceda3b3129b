"""Programs, their versions, their menu and what they may give."""

from loyalty.programs import catalogue
from loyalty.programs.beyond_plan import PlanExcess, ProgramBeyondPlan, beyond_plan
from loyalty.programs.budget import Budget
from loyalty.programs.business_facts import BusinessFacts, business_facts
from loyalty.programs.configuration import variant_name
from loyalty.programs.offers import ProgramOffers, switches_of
from loyalty.programs.product_photo import product_photo
from loyalty.programs.publish_program import MenuTier, NewProgram, publish_program, usual_surplus
from loyalty.programs.set_photo import set_photo
from loyalty.programs.set_up_business import (
    LONGEST_NAME,
    FirstPeople,
    FirstPerson,
    FirstProgram,
    set_up_business,
)

__all__ = [
    "LONGEST_NAME",
    "Budget",
    "BusinessFacts",
    "FirstPeople",
    "FirstPerson",
    "FirstProgram",
    "MenuTier",
    "NewProgram",
    "PlanExcess",
    "ProgramBeyondPlan",
    "ProgramOffers",
    "beyond_plan",
    "business_facts",
    "catalogue",
    "product_photo",
    "publish_program",
    "set_photo",
    "set_up_business",
    "switches_of",
    "usual_surplus",
    "variant_name",
]
