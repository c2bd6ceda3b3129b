"""Redemptions at random: asked for, looked at, given or not, by two at once, taken back."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.crash.crew import Someone
from tests.crash.notes import Answer
from tests.crash.patient import Patient
from tests.crash.shop import Card, Hands, only
from tests.factories.operations import CANCEL, REFUND, REQUEST, VALIDATE


@dataclass
class Handshakes:
    """What one client does about bonuses."""

    hands: Hands

    def redeem(self) -> None:
        """A handshake from the wish to its end."""
        hands = self.hands
        if not hands.shop.cards:
            return
        card = hands.random.choice(hands.shop.cards[-200:])
        live = self._request(card)
        if live is None:
            return
        self._preview(live, card)
        self._decide(live, card.who)

    def refund(self) -> None:
        """A manager takes a given bonus back, perhaps twice."""
        hands = self.hands
        if not hands.shop.given:
            return
        which, manager = hands.random.choice(hands.shop.given), hands.shop.crew.managers[0]
        for _ in range(2 if hands.happens(0.3) else 1):
            body = {"redemptionId": which, "reason": "not drinkable"}
            found = hands.line.ask("refund", which, REFUND, manager.token, **body)
            if found is not None and found["__typename"] == "RedemptionUpdate":
                hands.shop.notes.keep("refund", which, found)

    def confirm_again(self, which: str) -> None:
        """Staff confirm once more what they gave."""
        self._validate(self.hands.line, {"id": which}, "CONFIRM", redemptionId=which)

    def _request(self, card: Card) -> Answer | None:
        hands, key = self.hands, self.hands.key()
        body: dict[str, Any] = {"cardId": card.id, "idempotencyKey": key}
        if card.program == "Lunch 5+1":
            body["productId"] = hands.random.choice(hands.shop.crew.menu)
        if hands.happens(0.3):
            # Without a key the live redemption itself is what makes a repetition harmless.
            del body["idempotencyKey"]
        found: Answer | None = None
        for _ in range(2 if hands.happens(0.2) else 1):
            found = hands.line.ask("request", key, REQUEST, card.who.token, **body)
            if found is None or found["__typename"] != "Redemption":
                return None
            hands.shop.notes.keep("request", found["id"], {})
            if "idempotencyKey" in body:
                hands.shop.notes.keep("request by key", key, only(found, "id"))
        return found if found and found["token"] else None

    def _preview(self, live: Answer, card: Card) -> None:
        hands = self.hands
        by: dict[str, Any] = {"token": live["token"]}
        if live["pin"] and hands.happens(0.5):
            by = {"pin": live["pin"], "programId": hands.shop.programs[card.program]}
        self._validate(hands.line, live, "PREVIEW", **by)

    def _decide(self, live: Answer, customer: Someone) -> None:
        hands, by = self.hands, {"token": live["token"]}
        if hands.happens(0.4):
            by = {"redemptionId": live["id"]}
        confirm = partial(self._validate, live=live, decision="CONFIRM", **by)
        cancel = partial(self._validate, live=live, decision="CANCEL", **by)
        take_back = partial(self._cancel, live=live, customer=customer)
        if hands.happens(0.15):
            hands.at_once(confirm, hands.random.choice([confirm, cancel, take_back]))
            return
        # In one case of ten nobody decides: the code dies.
        decide = hands.random.choices([confirm, cancel, take_back, None], [6, 1, 2, 1])[0]
        for _ in range(2 if hands.happens(0.2) else 1):
            if decide is not None:
                decide(hands.line)

    def _validate(self, line: Patient, live: Answer, decision: str, **by: str) -> None:
        staff, place = line.random.choice(self.hands.shop.crew.staff), self.hands.shop.location
        what = {"CONFIRM": "confirm", "CANCEL": "cancel"}.get(decision, "preview")
        body = {"locationId": place, "decision": decision, **by}
        found = line.ask(what, live["id"], VALIDATE, staff.token, **body)
        if found is not None and found["__typename"] == "RedemptionView" and what != "preview":
            self._ended(live, only(found, "status", "bonus", "product"))

    def _cancel(self, line: Patient, *, live: Answer, customer: Someone) -> None:
        found = line.ask("cancel", live["id"], CANCEL, customer.token, redemptionId=live["id"])
        if found is not None and found["__typename"] == "RedemptionUpdate":
            self._ended(live, found)

    def _ended(self, live: Answer, seen: Answer) -> None:
        # Staff see more than the customer, so only what both see can be compared.
        self.hands.shop.notes.keep("end", live["id"], only(seen, "status"))
        if seen["status"] == "CONFIRMED":
            self.hands.shop.notes.keep("confirm", live["id"], seen)
            self.hands.shop.given.append(live["id"])
        else:
            self.hands.shop.notes.keep("cancel", live["id"], {})
