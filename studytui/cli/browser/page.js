// Keys are alive without a click: the terminal's field has the focus whenever the page has it.
(() => {
  const focus = () => document.querySelector(".xterm-helper-textarea")?.focus();
  new MutationObserver((_, watch) => {
    if (document.querySelector(".xterm-helper-textarea")) {
      watch.disconnect();
      focus();
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
  window.addEventListener("focus", focus);
  window.addEventListener("click", focus);
  document.addEventListener("DOMContentLoaded", () => {
    document.getElementById("again").addEventListener("click", () => window.location.reload());
  });
})();
