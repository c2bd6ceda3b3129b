"""Sales at random: minted, collected by one or two at once, repeated, taken back."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.crash.crew import Someone
from tests.crash.notes import Answer
from tests.crash.patient import Patient
from tests.crash.shop import Card, Hands, Sale, only
from tests.factories.operations import COLLECT, MINT, VOID


@dataclass
class Sales:
    """What one client does about units."""

    hands: Hands

    def sell(self) -> None:
        """A sale from the tap to the card."""
        hands = self.hands
        program, staff, key = self._program(), hands.staff(), hands.key()
        body = {**self._entered(program), "idempotencyKey": key}
        made = self._mint(staff, key, body)
        if made is None:
            return
        if hands.happens(0.1):
            self._mint(staff, key, body)
        if hands.happens(0.03):
            self._void(hands.line, made["id"])
        takers = hands.random.sample(list(hands.shop.crew.customers), 2)
        collects = [partial(self._collect, made=made, who=who, program=program) for who in takers]
        if hands.happens(0.15):
            hands.at_once(*collects)
        else:
            collects[0](hands.line)

    def repeat(self) -> None:
        """Somebody collects again what they have, or tries what somebody else has."""
        hands = self.hands
        if not hands.shop.sales:
            return
        sale = hands.random.choice(hands.shop.sales)
        who = sale.who if hands.happens(0.8) else hands.random.choice(hands.shop.crew.customers)
        self._ask_collect(hands.line, sale.session, who, {"token": sale.token})

    def collect_again(self, sale: Sale) -> None:
        """The customer asks once more for what they have."""
        self._ask_collect(self.hands.line, sale.session, sale.who, {"token": sale.token})

    def take_back(self) -> None:
        """A manager voids a sale."""
        hands = self.hands
        if hands.shop.sales:
            session = hands.random.choice(hands.shop.sales).session
            if hands.happens(0.3):
                hands.at_once(*[partial(self._void, session=session)] * 2)
            else:
                self._void(hands.line, session)

    def guess(self) -> None:
        """A code that nobody ever showed."""
        who = self.hands.random.choice(self.hands.shop.crew.customers)
        self._ask_collect(self.hands.line, "nothing", who, {"token": self.hands.key()})

    def _program(self) -> str:
        return self.hands.random.choices(["Coffee 5+1", "Beans", "Lunch 5+1"], [7, 2, 1])[0]

    def _entered(self, program: str) -> dict[str, Any]:
        hands, shop = self.hands, self.hands.shop
        body: dict[str, Any] = {"programId": shop.programs[program], "locationId": shop.location}
        if program == "Beans":
            body["amount"] = hands.random.randrange(500, 4000)
        if program == "Lunch 5+1":
            product, quantity = hands.random.choice(shop.crew.menu), hands.random.randrange(1, 4)
            body["lines"] = [{"productId": product, "quantity": quantity}]
        return body

    def _mint(self, staff: Someone, key: str, body: dict[str, Any]) -> Answer | None:
        made = self.hands.line.ask("mint", key, MINT, staff.token, **body)
        if made is None or made["__typename"] != "EarnSession":
            return None
        self.hands.shop.notes.keep("mint", key, only(made, "id", "expiresAt", "preview"))
        return made

    def _void(self, line: Patient, session: str) -> None:
        manager = line.random.choice(self.hands.shop.crew.managers)
        found = line.ask(
            "void", session, VOID, manager.token, sessionId=session, reason="by mistake"
        )
        if found is not None and found["__typename"] == "SessionUpdate":
            # All but `waitingBonuses`: those are the ones that wait when it is asked.
            stays = ("status", "secondsLeft", "unitsAdded", "bonusesEarned", "at")
            same = only(found, "sessionId", *stays)
            self.hands.shop.notes.keep("void", session, same)

    def _collect(self, line: Patient, *, made: Answer, who: Someone, program: str) -> None:
        shop = self.hands.shop
        body = {"token": made["token"]}
        if line.random.random() < 0.5:
            body["idempotencyKey"] = f"{made['id']} {who.id}"
        found = self._ask_collect(line, made["id"], who, body)
        if found is None:
            return
        shop.sales.append(Sale(made["id"], made["token"], who))
        if found["card"]["bonuses"]:
            shop.cards.append(Card(found["card"]["id"], who, program))
        if line.random.random() < 0.2:
            self._ask_collect(line, made["id"], who, body)

    def _ask_collect(
        self, line: Patient, session: str, who: Someone, body: dict[str, str]
    ) -> Answer | None:
        which = f"{session} {who.id}"
        found = line.ask("collect", which, COLLECT, who.token, **body)
        if found is None or found["__typename"] != "Collected":
            return None
        self.hands.shop.notes.keep("collect", which, found)
        return found
