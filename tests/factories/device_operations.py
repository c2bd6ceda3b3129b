"""The operations of devices that tests send."""

REFUSED = "... on Refusal { code message details { name value } }"
CODE = f"""mutation ($input: CreatePairingCodeInput!) {{ createPairingCode(input: $input) {{
  __typename ... on PairingCode {{ pairingCode url qrSvg secondsLeft location {{ name }} }}
  {REFUSED} }} }}"""
PAIR = f"""mutation ($input: PairDeviceInput!) {{ pairDevice(input: $input) {{ __typename
  ... on DevicePaired {{ deviceId deviceToken location {{ id }} staff {{ id name role }} }}
  {REFUSED} }} }}"""
SIGN_IN = f"""mutation ($input: SignInOnDeviceInput!) {{ signInOnDevice(input: $input) {{
  __typename ... on SignedIn {{ accessToken expiresAt viewer {{ ... on StaffMember {{ name }} }}
  granted {{ at }} refused {{ code }} }} {REFUSED} }} }}"""
PASSCODE = f"""mutation ($input: SetPasscodeInput!) {{ setPasscode(input: $input) {{ __typename
  ... on PasscodeSet {{ staff {{ name }} }} {REFUSED} }} }}"""
CHANGES = {
    name: f"""mutation ($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{
  __typename ... on Device {{ id name isLocked revokedAt }} {REFUSED} }} }}"""
    for name in ("renameDevice", "unlockDevice", "revokeDevice")
}
LIST = """query ($with: Boolean! = false) { devices(withRevoked: $with) { edges { node { id name
  isLocked revokedAt pairedAt lastSeenAt location { name } pairedBy { name } } } } }"""
SELF = "{ device { id name isLocked triesLeft location { id } staff { name } } }"
NODE = "query ($id: ID!) { node(id: $id) { ... on Device { name } } }"
PRESETS = "{ presets { edges { node { id } } } }"
SIGN_OUT = "mutation { signOut }"
