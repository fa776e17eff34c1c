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
})();
