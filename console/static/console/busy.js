// A form that was sent is not sent again by a second tap while its answer is on the way.
for (const form of document.querySelectorAll("form[data-busy]")) {
  const button = form.querySelector("button");
  const label = button.textContent;
  form.addEventListener("submit", (event) => {
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    button.textContent = form.dataset.busy;
  });
  // Whoever comes back to the page may send it anew.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    form.removeAttribute("aria-busy");
    button.textContent = label;
  });
}
