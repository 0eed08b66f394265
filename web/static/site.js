// What a script adds: copying a citation, and not searching while Chinese is being composed.
// Every page does its job without it.
(function () {
  "use strict";

  var composing = false;
  document.addEventListener("compositionstart", function () { composing = true; });
  document.addEventListener("compositionend", function (event) {
    composing = false;
    event.target.dispatchEvent(new Event("composed", { bubbles: true }));
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (composing) event.preventDefault();
  });

  document.addEventListener("toggle", function (event) {
    var cite = event.target;
    if (!cite.matches || !cite.matches("details.cite") || !cite.open || cite.querySelector("button")) return;
    if (!navigator.clipboard) return;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = "复制";
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(cite.querySelector("p").textContent.trim()).then(function () {
        button.textContent = "已复制";
      });
    });
    cite.appendChild(button);
  }, true);

  // On paper nothing can be unfolded: a cover is printed open.
  function covers(open) {
    document.querySelectorAll("details.cover").forEach(function (cover) { cover.open = open; });
  }
  window.addEventListener("beforeprint", function () { covers(true); });
  window.addEventListener("afterprint", function () { covers(false); });

  // "/" goes to the search box, as on many sites; not while something is being typed.
  document.addEventListener("keydown", function (event) {
    var box = document.getElementById("q");
    if (event.key !== "/" || !box || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
})();
