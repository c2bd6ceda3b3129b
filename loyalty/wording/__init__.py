"""What people read: each sentence once, in the active language. Transports only shape it."""

from loyalty.wording import access_text, card_page, error_page, import_text, opening_text
from loyalty.wording.amounts import money
from loyalty.wording.card_text import card_text
from loyalty.wording.ended_token import ended_on_page, ended_text
from loyalty.wording.expiry_text import ending_text
from loyalty.wording.finding_text import finding_text
from loyalty.wording.locales import day as said_day
from loyalty.wording.moments import Reader
from loyalty.wording.moments import moment as said_moment
from loyalty.wording.outcome_text import outcome_text
from loyalty.wording.page_forms import PageForm
from loyalty.wording.plan_text import beyond_plan_text
from loyalty.wording.preview_text import held_rise_text, preview_text
from loyalty.wording.refusal_text import RefusalPage, refusal_page, refusal_text
from loyalty.wording.refusals import REFUSALS
from loyalty.wording.rewards import bonus_title, earned_by
from loyalty.wording.session_text import session_text
from loyalty.wording.words import PageWords
from loyalty.wording.wrong_values import wrong_values

__all__ = [
    "REFUSALS",
    "PageForm",
    "PageWords",
    "Reader",
    "RefusalPage",
    "access_text",
    "beyond_plan_text",
    "bonus_title",
    "card_page",
    "card_text",
    "earned_by",
    "ended_on_page",
    "ended_text",
    "ending_text",
    "error_page",
    "finding_text",
    "held_rise_text",
    "import_text",
    "money",
    "opening_text",
    "outcome_text",
    "preview_text",
    "refusal_page",
    "refusal_text",
    "said_day",
    "said_moment",
    "session_text",
    "wrong_values",
]
