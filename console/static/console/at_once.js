// Sends the page's one form as soon as somebody really looks at it; without script, the button does.
const form = document.querySelector("form[data-at-once]");

if (document.prerendering) {
  document.addEventListener("prerenderingchange", () => form?.requestSubmit(), { once: true });
} else {
  form?.requestSubmit();
}
