// Small comforts; every page works without them.
(function () {
  "use strict";
  var root = document.documentElement;
  var stored = null;
  try { stored = localStorage.getItem("theme"); } catch (error) { /* storage may be closed */ }
  if (stored) { root.dataset.theme = stored; }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-action]");
    if (!button) { return; }
    if (button.dataset.action === "theme") {
      var dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      try { localStorage.setItem("theme", root.dataset.theme); } catch (error) { /* nothing to remember it in */ }
    }
    if (button.dataset.action === "fill") {
      var box = document.getElementById(button.dataset.target);
      box.value = button.dataset.text;
      box.form.requestSubmit();
    }
    if (button.dataset.action === "add-row") {
      var table = document.getElementById(button.dataset.target);
      var total = document.querySelector("[name=" + button.dataset.prefix + "-TOTAL_FORMS]");
      var blank = document.getElementById(button.dataset.target + "-blank").innerHTML.replace(/__prefix__/g, total.value);
      table.insertAdjacentHTML("beforeend", blank);
      total.value = String(Number(total.value) + 1);
      table.lastElementChild.querySelector("input, select").focus();
    }
    if (button.dataset.action === "print") { print(); }
    if (button.dataset.action === "copy") {
      navigator.clipboard.writeText(button.dataset.text).then(function () { button.textContent = button.dataset.done; });
    }
  });
  // A slider and the number beside it show the same.
  document.addEventListener("input", function (event) {
    var other = event.target.dataset.twin && document.getElementById(event.target.dataset.twin);
    if (other) { other.value = event.target.value; }
  });
  // A digit presses the button that carries it, where people judge pair after pair.
  document.addEventListener("keydown", function (event) {
    if (!/^[0-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.target.matches("input, textarea, select")) { return; }
    var button = document.querySelector("[data-digit='" + event.key + "']");
    if (button) { button.click(); }
  });
  // Ctrl/⌘ + Enter asks, as in every chat box.
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches(".ask textarea")) {
      event.target.form.requestSubmit();
    }
  });
}());
