"""The one table of refusals: every code with its meaning, its sentence and its page."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from loyalty.base import errors
from loyalty.base.errors import Refused
from loyalty.wording.error_page import NOTHING_HERE
from loyalty.wording.words import PageWords, RefusalWords, Variant

_NOTHING_CHANGED = _("Nothing was changed.")
_STAYS_YOURS = _("Nothing was added. What waits on your card stays yours.")
_NO_MATCH = _("That did not match")

# In the order of the schema.
REFUSALS: Mapping[type[Refused], RefusalWords] = {
    errors.InvalidInput: RefusalWords(
        "A value has the wrong form; `details` name the `field` and the `reason`.",
        _("This value cannot be used: %(field)s."),
        PageWords(_("This value cannot be used"), status=422),
        of_money=_("The total of a receipt is from 0 to %(amount)s."),
        variants={
            "email": Variant(
                page=PageWords(
                    _("This is no e-mail address"),
                    _("Nothing was sent. Check the address and try again."),
                    422,
                )
            )
        },
    ),
    errors.NotFound: RefusalWords(
        "There is no such thing in this business that the caller may see; `details` name the"
        " `field` of the id.",
        _("This was not found."),
        NOTHING_HERE,
        variants={
            "revoked": Variant(
                _("This device was taken out of use. Pair it again."),
                PageWords(
                    _("This device is out of use"),
                    _("Nothing was changed. To use it again, pair it again."),
                    404,
                ),
            )
        },
    ),
    errors.KeyReused: RefusalWords(
        "The idempotency key was used within 24 hours with another input.",
        _("This idempotency key was used for another request."),
    ),
    errors.VersionConflict: RefusalWords(
        "Somebody changed the thing since the caller read it: read it again.",
        _("Somebody else changed this meanwhile. Look at it again."),
    ),
    errors.RateLimited: RefusalWords(
        "Too many attempts; `retryAt` says when the next one is possible.",
        _("Too many attempts. Wait a while."),
        PageWords(_("Too many attempts"), _NOTHING_CHANGED, 429),
        variants={
            "pairing codes": Variant(
                ngettext_lazy(
                    "%(limit)s pairing code waits to be used, as many as allowed. Use that one, or"
                    " wait.",
                    "%(limit)s pairing codes wait to be used, as many as allowed. Use one of them,"
                    " or wait.",
                    "limit",
                ),
                PageWords(
                    _("Too many pairing codes wait to be used"),
                    _("No new one was made. Use one of them, or wait until one is over."),
                    429,
                ),
            ),
            "birthday": Variant(_("A birthday can be changed once a year.")),
        },
    ),
    errors.PlanLimit: RefusalWords(
        "The business's plan does not include it; `details` say what, how many, and which `plan` is"
        " the lowest that does.",
        _("Your plan does not include this. A higher plan does."),
        variants={
            "tiered mode": Variant(
                _("Your plan has no programs with a choice of products. %(plan)s has.")
            ),
            "running programs": Variant(
                ngettext_lazy(
                    "Your plan lets %(limit)s program run. %(plan)s allows more.",
                    "Your plan lets %(limit)s programs run. %(plan)s allows more.",
                    "limit",
                )
            ),
        },
    ),
    errors.BusinessSuspended: RefusalWords(
        "The platform's operators stopped the business.",
        _("This business is not active."),
        PageWords(
            _("This business is not active"),
            _("Nothing was changed. Ask the people who run it."),
            403,
        ),
    ),
    errors.ProgramNotRunning: RefusalWords(
        "The program is a draft, paused, archived, over, or not yet begun (then `retryAt` is its"
        " start).",
        _("This program is not running."),
        PageWords(_("This program is not running"), _STAYS_YOURS),
        variants={
            "not_begun": Variant(_("This program has not begun yet.")),
            "over": Variant(_("This program is over.")),
        },
    ),
    errors.NotAtThisLocation: RefusalWords(
        "The program, the preset, the staff member or the device does not belong to this location;"
        " `details` say `what`: `program`, `preset` or `device`.",
        _("This does not belong to this location."),
        variants={
            "program": Variant(_("This program does not run at this location.")),
            "preset": Variant(_("This button belongs to another location.")),
            "device": Variant(_("This device belongs to another location.")),
        },
    ),
    errors.CodeUnknown: RefusalWords(
        "The token or PIN is unknown, malformed or from elsewhere: one answer to all.",
        _("This code is not known. Ask for a new one."),
        PageWords(
            _("We do not know this code"),
            _("Nothing was added. Ask at the counter for a new one."),
            404,
        ),
    ),
    errors.SessionExpired: RefusalWords(
        "The code's time is over; nothing was given.",
        _("This code is over. Nothing was given; ask for a new one."),
        PageWords(
            _("This code is over"),
            _("Codes live for a short time. Nothing was added: ask for a new one."),
            410,
        ),
    ),
    errors.AlreadyCollected: RefusalWords(
        "Somebody else collected this session.",
        _("This code was already used."),
        PageWords(
            _("This code was already used"),
            _("A code works once. Nothing was added here: ask for a new one."),
        ),
    ),
    errors.SessionVoided: RefusalWords(
        "Staff took this session back.",
        _("This was taken back at the counter."),
        PageWords(
            _("This was taken back at the counter"),
            _("Nothing was added. If that is a mistake, ask at the counter."),
            410,
        ),
    ),
    errors.EmailRequired: RefusalWords(
        "Nobody is signed in, and no `email` was given.",
        _("Sign in, or give an e-mail address."),
        PageWords(
            _("The address is missing"),
            _("Nothing was added. Type your e-mail address."),
            422,
        ),
    ),
    errors.QueueFull: RefusalWords(
        "As many sessions as the business allows wait for this address; `retryAt` says when one of"
        " them ends by itself.",
        ngettext_lazy(
            "%(limit)s visit already waits for this address. Open the link in your mail first.",
            "%(limit)s visits already wait for this address. Open the link in your mail first.",
            "limit",
        ),
        PageWords(
            _("Too many visits wait for this address"),
            ngettext_lazy(
                "This one was not added: %(limit)s waits already. Open our newest mail to this"
                " address first, then ask at the counter for a new code.",
                "This one was not added: %(limit)s wait already. Open our newest mail to this"
                " address first, then ask at the counter for a new code.",
                "limit",
            ),
        ),
    ),
    errors.OwnSession: RefusalWords(
        "Staff cannot collect a session that they or their device made.",
        _("You cannot collect what you made yourself."),
        PageWords(
            _("Staff cannot collect here"),
            _("Nothing was added, and the code can still be used by a customer."),
            403,
        ),
    ),
    errors.ProductRequired: RefusalWords(
        "The program needs to know which product was sold or is wanted.",
        _("Say which product."),
    ),
    errors.NothingToEarn: RefusalWords(
        "The sale is worth no unit.",
        _("This sale earns nothing."),
    ),
    errors.BelowMinimum: RefusalWords(
        "The receipt is below the program's minimum; `details` say what is missing.",
        _("The receipt is below the minimum."),
        of_money=_("%(amount)s are missing to the minimum."),
    ),
    errors.ScanCap: RefusalWords(
        "More units than one scan may give, by the program's `maxUnitsPerScan` or because they fill"
        " more than 100 cards; `details` say the `limit` in units.",
        _("One code gives at most %(units)s."),
        variants={
            "cards": Variant(
                _("One code fills at most %(cards)s cards (%(units)s). Look at the number again.")
            )
        },
    ),
    errors.StaffCap: RefusalWords(
        "The staff member made as many sessions as the business allows in a while.",
        ngettext_lazy(
            "You made %(limit)s code in a short time, as many as allowed. Wait, or ask a manager.",
            "You made %(limit)s codes in a short time, as many as allowed. Wait, or ask a manager.",
            "limit",
        ),
    ),
    errors.Cooldown: RefusalWords(
        "The customer collected with this button, or nearly so, too short a time ago.",
        _("This was collected a moment ago."),
        PageWords(_("You collected this a moment ago"), _("Nothing was added this time.")),
    ),
    errors.DailyCap: RefusalWords(
        "The customer's visits that count on one day are used up.",
        ngettext_lazy(
            "That is all for today: %(limit)s visit a day counts.",
            "That is all for today: %(limit)s visits a day count.",
            "limit",
        ),
        PageWords(
            _("That is all for today"),
            ngettext_lazy(
                "Nothing was added: %(limit)s visit a day counts on this card.",
                "Nothing was added: %(limit)s visits a day count on this card.",
                "limit",
            ),
        ),
    ),
    errors.ProgramBudgetSpent: RefusalWords(
        "The program has given all that its owner lets it give.",
        _("This program has given all it can."),
        PageWords(_("This program has given all it can"), _STAYS_YOURS),
    ),
    errors.NoBonus: RefusalWords(
        "No such bonus waits on the card.",
        _("No bonus waits on this card."),
    ),
    errors.TierNotAllowed: RefusalWords(
        "The chosen product is of a higher tier than the bonus.",
        _("This product cannot be chosen for this bonus."),
    ),
    errors.ProductUnavailable: RefusalWords(
        "The product is archived, or is not one of the program's; on a receipt: none of its"
        " products is.",
        _("This product is not available."),
        variants={"lines": Variant(_("None of these products is one of this program's."))},
    ),
    errors.RedemptionExpired: RefusalWords(
        "The redemption's time is over; the bonus waits again.",
        _("This code is over. Nothing was given; the bonus waits."),
    ),
    errors.AlreadyRedeemed: RefusalWords(
        "The bonus was given already.",
        _("This bonus was already given."),
    ),
    errors.RedemptionCancelled: RefusalWords(
        "The redemption was cancelled or refunded; the bonus waits again, unless its sale is gone.",
        _("This was cancelled or taken back. If the bonus waits, it can be asked for again."),
    ),
    errors.PinLocked: RefusalWords(
        "Too many wrong PINs closed PIN entry; scanning stays open.",
        _("Too many wrong PINs. Scan the code instead."),
        variants={
            "program": Variant(
                _("Too many wrong PINs for this program today. Scan the code, or ask a manager.")
            )
        },
    ),
    errors.UndoTooLate: RefusalWords(
        "The ten minutes are over in which staff take back their own sale; a manager still can.",
        _("It is too late to take this back yourself. A manager still can."),
    ),
    errors.SignInFailed: RefusalWords(
        "The e-mail, password, passcode, link or code is wrong; not said which. For a passcode"
        " `details` say `triesLeft`: how many more wrong ones lock the device, 0 when this one"
        " did.",
        _("That did not match. Nothing was changed."),
        PageWords(_NO_MATCH, _("You are not signed in. Check it and try again."), 422),
        variants={
            "passcode": Variant(page=PageWords(_NO_MATCH, _NOTHING_CHANGED, 422)),
            "current": Variant(
                _("This is not your passcode as it is now. Nothing was changed."),
                PageWords(
                    _("That is not your passcode"),
                    _("Your passcode is as it was. Type the one of now in the first field."),
                    422,
                ),
            ),
        },
    ),
    errors.SecondFactorRequired: RefusalWords(
        "The sign-in needs the code of the second factor as `otp` as well.",
        _("Enter the code of your second factor."),
    ),
    errors.LinkExpired: RefusalWords(
        "The link or code of the mail is too old, or the pairing code was used or is over; ask for"
        " a new one.",
        _("This link or code is over. Ask for a new one."),
        PageWords(
            _("This link or code is over"),
            _("You are not signed in, and nothing that waits for you is lost."),
            410,
        ),
        variants={
            "pairing": Variant(
                _("This code was used, or is over. Ask an owner or manager for a new one.")
            )
        },
    ),
    errors.DeviceLocked: RefusalWords(
        "Too many wrong passcodes on the device; an owner or manager can unlock it.",
        _(
            "This device is locked after five wrong passcodes. An owner or manager unlocks it on"
            " the page /devices."
        ),
        PageWords(
            _("This device is locked"),
            _(
                "There were five wrong passcodes. An owner or manager unlocks it on the page"
                " “Counter devices” (/devices)."
            ),
            423,
        ),
    ),
}
BY_CODE = {kind.code: words for kind, words in REFUSALS.items()}
