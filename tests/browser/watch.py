"""What must never happen on any page, and what must hold on each."""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Page, Request

_AXE = (Path(__file__).parent / "axe-core-4.14.1" / "axe.min.js").read_text()
_TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));"""
_RUN_AXE = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, { runOnly: tags });
  return found.violations.map((one) => [one.id, ...one.nodes.map((node) => node.html)]);
}"""
_TOO_SMALL = """() => [...document.querySelectorAll("button, .btn, input, summary")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map((one) => one.outerHTML)"""
_TOO_WIDE = "() => document.documentElement.scrollWidth > window.innerWidth"


@dataclass
class Watched:
    """A page whose console, policy and requests are written down."""

    page: Page
    problems: list[str] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen from the start."""
        self.page.add_init_script(_TELL_VIOLATIONS)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("request", self._request)

    def is_well(self) -> None:
        """Accessible, not too wide, targets large enough, and nothing in the console."""
        self.page.evaluate(_AXE)
        assert self.page.evaluate(_RUN_AXE) == []
        assert self.page.evaluate(_TOO_SMALL) == []
        assert not self.page.evaluate(_TOO_WIDE)
        assert self.problems == []

    def _console(self, message: ConsoleMessage) -> None:
        # A refusal's own status is no problem of the page.
        is_status = message.text.startswith("Failed to load resource: the server responded")
        if message.type in {"error", "warning"} and not is_status:
            self.problems.append(message.text)

    def _request(self, request: Request) -> None:
        host = request.url.partition("://")[2].partition("/")[0].partition(":")[0]
        if request.url.startswith("http") and not host.endswith("localhost"):
            self.problems.append(f"foreign: {request.url}")
        if request.method == "POST":
            self.posts.append(request.url)
