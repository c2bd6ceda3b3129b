"""The operations that tests send."""

MINT = """
mutation ($input: GenerateQRInput!) { generateQR(input: $input) { __typename
  ... on EarnSession { id token url expiresAt secondsLeft status preview { units completesCards } }
  ... on EarnPreview { units missingForMinimum completesCards }
  ... on Refusal { code message retryAt details { name value } } } }
"""
CARD = """fragment card on Card { id version url points program { id name }
  progress { open threshold missing debt } bonuses { id title product { name } } }"""
COLLECT = (
    CARD
    + """
mutation ($input: CollectInput!) { collect(input: $input) { __typename
  ... on Collected { sessionId unitsAdded points at card { ...card } bonusesEarned { id title } }
  ... on CollectQueued { emailShown units expiresAt claim }
  ... on Refusal { code message retryAt details { name value } } } }
"""
)
SIGN_IN = """
mutation ($input: SignInCustomerInput!) { signInCustomer(input: $input) { __typename
  ... on SignedIn { accessToken expiresAt viewer { __typename ... on Customer { id email
    cards { id progress { open } } } } granted { sessionId unitsAdded card { id version } }
    refused { code } }
  ... on Refusal { code } } }
"""
SESSION_STATUS = """
subscription ($id: ID!) { sessionStatus(sessionId: $id) {
  sessionId status secondsLeft unitsAdded bonusesEarned waitingBonuses at } }
"""
CARD_CHANGED = CARD + "subscription ($id: ID!) { cardChanged(cardId: $id) { ...card } }"
ME = "{ me { __typename ... on StaffMember { id name role } ... on Customer { id email } } }"
REQUEST = """
mutation ($input: RequestBonusInput!) { requestBonus(input: $input) { __typename
  ... on Redemption { id token pin secondsLeft status bonus { id title } product { name } }
  ... on Refusal { code } } }
"""
VALIDATE = """
mutation ($input: ValidateRedemptionInput!) { validateRedemption(input: $input) { __typename
  ... on RedemptionView { id status secondsLeft at product { name } bonus { title }
    progress { open threshold } }
  ... on Refusal { code retryAt } } }
"""
CANCEL = """
mutation ($input: CancelRedemptionInput!) { cancelRedemption(input: $input) { __typename
  ... on RedemptionUpdate { status } ... on Refusal { code } } }
"""
REOPEN = """
mutation ($input: ReopenPinEntryInput!) { reopenPinEntry(input: $input) { __typename
  ... on PinEntryReopened { programId triesLeft } ... on Refusal { code } } }
"""
REDEMPTION_STATUS = """
subscription ($id: ID!) { redemptionStatus(redemptionId: $id) { redemptionId status secondsLeft } }
"""
VOID = """
mutation ($input: VoidSessionInput!) { voidSession(input: $input) { __typename
  ... on SessionUpdate {
    sessionId status secondsLeft unitsAdded bonusesEarned waitingBonuses at }
  ... on Refusal { code } } }
"""
REFUND = """
mutation ($input: RefundRedemptionInput!) { refundRedemption(input: $input) { __typename
  ... on RedemptionUpdate { redemptionId status } ... on Refusal { code } } }
"""
