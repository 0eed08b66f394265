// What a script adds: completions under the search box, copying a citation, and not searching while Chinese is
// being composed.
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

  // Completions: a combobox with a listbox below it (WAI-ARIA Authoring Practices). The box stays focused; the choice
  // that Enter takes is its active descendant. Choosing asks the question.
  var PAUSE = 120; // milliseconds without a key before it is asked: between two keys of a quick typist
  var LONGEST = 100; // characters that the service looks at

  function completes(box) {
    var list = document.createElement("ul");
    var waiting, asking, asked = box.value;
    list.id = list.className = "completions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "补全");
    box.form.appendChild(list);
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    box.setAttribute("aria-expanded", "false");

    function options() { return Array.prototype.slice.call(list.children); }
    function active() { return list.querySelector("[aria-selected=true]"); }

    function show(isShown) {
      list.hidden = !isShown;
      list.style.top = box.offsetTop + box.offsetHeight + "px";
      box.setAttribute("aria-expanded", String(isShown));
      if (!isShown) activate(null);
    }

    function activate(option) {
      options().forEach(function (other) { other.setAttribute("aria-selected", String(other === option)); });
      if (!option) return box.removeAttribute("aria-activedescendant");
      box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    function move(by) {
      // One place more than there are options: past either end nothing is active, and the box is as it was typed.
      var all = options(), places = all.length + 1;
      activate(all[(all.indexOf(active()) + 1 + by + places) % places - 1] || null);
    }

    function choose(option) {
      stop();
      box.value = asked = option.dataset.text;
      box.form.requestSubmit();
    }

    function stop() {
      clearTimeout(waiting);
      if (asking) asking.abort();
      asking = null;
      show(false);
    }

    function piece(kind, text) {
      var span = document.createElement("span");
      span.className = kind;
      span.textContent = text;
      return span;
    }

    function option(found, at) {
      var item = document.createElement("li");
      item.id = list.id + "-" + at;
      item.dataset.text = found.text;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.append(piece("name", found.text), piece("note", found.note), piece("label", found.label));
      return item;
    }

    function ask() {
      var text = box.value;
      asking = new AbortController();
      fetch("/api/v1/complete?q=" + encodeURIComponent(text), { signal: asking.signal }).then(function (answer) {
        return answer.ok ? answer.json() : { completions: [] };
      }).then(function (found) {
        list.replaceChildren.apply(list, found.completions.map(option));
        show(found.completions.length > 0 && document.activeElement === box);
      }).catch(function () { /* stopped, or no connection: the box works without */ });
    }

    function typed() {
      if (composing || box.value === asked) return;
      asked = box.value;
      stop();
      if (asked.trim() && asked.length <= LONGEST) waiting = setTimeout(ask, PAUSE);
    }

    box.addEventListener("input", typed);
    box.addEventListener("composed", typed);
    box.addEventListener("compositionstart", stop);
    box.addEventListener("blur", stop);
    box.form.addEventListener("submit", stop);
    box.addEventListener("keydown", function (event) {
      var chosen = active();
      if (list.hidden || composing || event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
      else if (event.key === "Enter" && chosen) choose(chosen);
      else if (event.key === "Escape") stop();
      else return;
      event.preventDefault();
    });
    // The box keeps the focus while a choice is pressed; otherwise the list would be gone before the click.
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function (event) {
      var chosen = event.target.closest("[role=option]");
      if (chosen) choose(chosen);
    });
  }
  if (document.getElementById("q")) completes(document.getElementById("q"));

  // What can be selected and copied by hand gets a button that does it.
  function copies(place, text) {
    if (!navigator.clipboard || place.querySelector("button")) return;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = "复制";
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(text()).then(function () {
        button.textContent = "已复制";
      });
    });
    place.appendChild(button);
  }
  document.addEventListener("toggle", function (event) {
    var cite = event.target;
    if (!cite.matches || !cite.matches("details.cite") || !cite.open) return;
    copies(cite, function () { return cite.querySelector("p").textContent.trim(); });
  }, true);
  var address = document.getElementById("ask-address");
  if (address) {
    copies(address.parentNode, function () { return address.value; });
    address.addEventListener("focus", function () { address.select(); });
  }

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
