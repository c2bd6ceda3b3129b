"""What the demo shows besides its first 5+1: each other mechanic once, and a second place."""

from dataclasses import replace

from loyalty.base.values import BonusModel, Mechanic, Mode, StaffActor, StampMode
from loyalty.levels import NewLevel, NewLevelTable, set_levels
from loyalty.models import Location, Preset, Product, Settings
from loyalty.programs import Budget, MenuTier, NewProgram, publish_program, usual_surplus
from loyalty.switches import BirthdayRule, Reward, StreakRule, Switches

LUNCH = NewProgram(
    name="Lunch 5+1",
    currency="EUR",
    description="Five lunches of a size, and the sixth of that size or a smaller one is yours.",
    mechanic=Mechanic(BonusModel.STAMP_COUNT, Mode.TIERED, StampMode.PER_LINE_ITEM, threshold=5),
    menu=(
        MenuTier("S", ("Soup", "Toast")),
        MenuTier("M", ("Pasta", "Curry")),
        MenuTier("L", ("Set menu",)),
    ),
    prices={"Soup": 490, "Toast": 520, "Pasta": 890, "Curry": 950, "Set menu": 1490},
    switches=Switches(points=5),
)
BEANS = NewProgram(
    name="Beans",
    currency="EUR",
    description="For each 60 euros of beans a bag is on us.",
    mechanic=Mechanic(
        BonusModel.CUMULATIVE_SPEND,
        Mode.SIMPLE,
        StampMode.PER_AMOUNT,
        threshold=6000,
        surplus=usual_surplus(BonusModel.CUMULATIVE_SPEND),
    ),
    gives="Bag of beans",
    prices={"Bag of beans": 990},
    switches=Switches(
        points=10,
        streak=StreakRule(window=7, threshold=3, gift=Reward(percent=10, valid_days=30)),
        birthday=BirthdayRule(min_past_bonuses=0),
        welcome=Reward(text="A cookie with your next coffee"),
        daily_cap=5,
    ),
)
BREAKFAST = NewProgram(
    name="Breakfast club",
    currency="EUR",
    description="Each breakfast of 8 euros or more is a stamp; the fifth stamp brings one of ours.",
    mechanic=Mechanic(
        BonusModel.QUALIFIED_VISIT, Mode.SIMPLE, StampMode.PER_VISIT, threshold=5, minimum=800
    ),
    gives="Breakfast",
    prices={"Breakfast": 890},
    budget=Budget(most_bonuses=100),
)
KIOSK = NewProgram(
    name="Kiosk stamps",
    currency="EUR",
    description="At the kiosk each 5 euros are a stamp; ten stamps bring a cake, from either tier.",
    mechanic=Mechanic(
        BonusModel.AMOUNT_STEP,
        Mode.TIERED,
        StampMode.PER_AMOUNT,
        threshold=10,
        step=500,
        max_units_per_scan=20,
    ),
    menu=(MenuTier("Small", ("Muffin",)), MenuTier("Large", ("Cheesecake",))),
    prices={"Muffin": 320, "Cheesecake": 480},
)

LADDER = NewLevelTable(
    levels=(
        NewLevel("Bronze", threshold=10),
        NewLevel("Silver", threshold=30, percent=120, benefit="A refill is on us."),
        NewLevel("Gold", threshold=100, percent=150, gift=Reward(percent=20, valid_days=60)),
    )
)


def publish_more(owner: StaffActor) -> None:
    """Publish them with a preset each, the levels and the kiosk, for the active business."""
    set_levels(LADDER, actor=owner)
    Settings.objects.update(has_leaderboard=True)
    location = Location.objects.order_by("pk")[0]
    kiosk = Location.objects.create(name="Lumo Kiosk", time_zone=location.time_zone)
    publish_program(LUNCH, actor=owner)
    soup = Product.objects.get(name="Soup")
    Preset.objects.create(program_id=soup.program_id, location=location, name="Soup", product=soup)
    beans = publish_program(BEANS, actor=owner)
    Preset.objects.create(
        program=beans, location=location, name="Beans 18 €", amount=1800, cooldown_minutes=1
    )
    breakfast = publish_program(BREAKFAST, actor=owner)
    Preset.objects.create(program=breakfast, location=location, name="Breakfast 9 €", amount=900)
    stamps = publish_program(replace(KIOSK, location_ids=(kiosk.pk,)), actor=owner)
    Preset.objects.create(program=stamps, location=kiosk, name="Kiosk 10 €", amount=1000)
