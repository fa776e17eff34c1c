// Runs before the first paint: says that scripts work and which theme was chosen.
(function () {
  var root = document.documentElement;
  root.classList.add("js");
  try {
    var theme = localStorage.getItem("fyren-theme");
    if (theme === "day" || theme === "night") root.dataset.theme = theme;
  } catch (error) {
    // Storage is closed to us: the device's own theme holds.
  }
  // A script that does not arrive (the server was changed meanwhile) is said, not waited for.
  function broken() {
    var starting = document.querySelector("[data-starting]");
    var said = document.querySelector("[data-broken]");
    if (starting) starting.hidden = true;
    if (said) said.hidden = false;
    // Every other page works without scripts, and shows itself so.
    else root.classList.remove("js");
  }
  document.addEventListener("fyren:broken", broken);
  window.addEventListener("error", function (event) {
    if (!event.target || event.target.tagName !== "SCRIPT") return;
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", broken);
    else broken();
  }, true);
})();
