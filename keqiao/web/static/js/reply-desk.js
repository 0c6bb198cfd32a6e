// Replies by keyboard: rows with j and k, corrections with single letters; and files sent one by one.
// Every page works without this file, by links and forms.
(function () {
  "use strict";

  function desk() { return document.getElementById("desk"); }
  function rows() { return Array.prototype.slice.call(document.querySelectorAll("#desk .desk-row")); }
  function current() { return document.querySelector("#desk .desk-row[aria-current]"); }
  function typing(target) { return target.matches("input:not([type=checkbox]), textarea, select"); }

  // Brings a passage of the text into view within its own box, so that the page itself stays where it is.
  function reveal(box, element) {
    var outer = box.getBoundingClientRect(), inner = element.getBoundingClientRect();
    if (box.scrollHeight <= box.clientHeight) { element.scrollIntoView({block: "nearest"}); return; }
    if (inner.top < outer.top + 40 || inner.bottom > outer.bottom - 40) {
      box.scrollTop += inner.top - outer.top - Math.max(8, Math.min(box.clientHeight / 3, box.clientHeight - inner.height - 8));
    }
  }
  function mark(key) {
    document.querySelectorAll("#desk .now").forEach(function (one) { one.classList.remove("now"); });
    document.querySelectorAll("#desk [data-row='" + key + "']").forEach(function (one) { one.classList.add("now"); });
    var first = document.querySelector("#desk .desk-text [data-row='" + key + "']");
    if (first) { reveal(document.querySelector("#desk .desk-text"), first); }
  }
  function select(row, focus) {
    if (!row) { return; }
    rows().forEach(function (one) { one.removeAttribute("aria-current"); });
    row.setAttribute("aria-current", "true");
    reveal(document.querySelector("#desk .desk-side"), row);
    mark(row.dataset.key);
    if (focus) { row.focus({preventScroll: true}); }
  }
  // Whoever goes through the rows wants to see text and rows whole.
  function frame() {
    var box = document.querySelector("#desk .desk-columns").getBoundingClientRect();
    if (box.bottom > innerHeight && box.top > 80) { desk().scrollIntoView({block: "start", behavior: "instant"}); }
  }
  function step(by, doubtful) {
    frame();
    var all = rows(), at = all.indexOf(current());
    for (var n = at + by; n >= 0 && n < all.length; n += by) {
      if (!doubtful || all[n].classList.contains("doubt")) { select(all[n], true); return; }
    }
    if (at < 0 && all.length) { select(all[0], true); }
  }
  function press(letter) {
    var row = current(), button = row && row.querySelector("[data-press='" + letter + "']");
    if (button) { button.click(); }
  }

  // Where a selection stands in the text: letters are counted as the server counts them, one for each sign.
  function signs(text) { return Array.from(text).length; }
  function place(node, offset) {
    var line = (node.nodeType === 1 ? node : node.parentElement).closest(".desk-text [data-at]");
    if (!line) { return null; }
    var before = document.createRange();
    before.setStart(line, 0);
    before.setEnd(node, offset);
    return Number(line.dataset.at) + signs(before.toString());
  }
  function chosen() {
    var selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) { return null; }
    var range = selection.getRangeAt(0);
    var start = place(range.startContainer, range.startOffset), end = place(range.endContainer, range.endOffset);
    return start === null || end === null || end <= start ? null : {start: start, end: end, text: selection.toString()};
  }
  function fill(form, found) {
    form.elements.start.value = found.start;
    form.elements.end.value = found.end;
    form.elements.quote.value = found.text;
  }
  function show(form) {
    var kind = form.elements.kind.value;
    form.querySelectorAll("[data-for]").forEach(function (part) { part.hidden = part.dataset.for !== kind; });
  }
  function openMark() {
    var box = document.getElementById("mark"), found = chosen();
    if (!box) { return; }
    box.open = true;
    var form = box.querySelector("form");
    if (found) { fill(form, found); }
    if (found && !/[0-9０-９一二三四五六七八九十百千万亿]/.test(found.text)) { form.elements.kind.value = "promise"; }
    show(form);
    reveal(document.querySelector("#desk .desk-side"), box);
    form.elements[found ? "kind" : "quote"].focus();
  }

  var LETTERS = {
    j: function () { step(1); }, k: function () { step(-1); }, n: function () { step(1, true); },
    e: function () { press("e"); }, a: function () { press("a"); }, d: function () { press("d"); },
    m: openMark,
    s: function () { var form = document.querySelector("#desk [data-save]"); if (form) { save(form); } }
  };
  function save(form) { form.querySelector("button[name=do]").click(); } // a click, for htmx asks which button it was

  document.addEventListener("keydown", function (event) {
    if (!desk()) { return; }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form && desk().contains(event.target)) {
      event.preventDefault();
      save(event.target.form);
      return;
    }
    if (event.key === "Escape") {
      if (typing(event.target)) { event.target.blur(); select(event.target.closest(".desk-row") || current(), true); return; }
      var cancel = document.querySelector("#desk [data-cancel]");
      if (cancel) { cancel.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
    var act = LETTERS[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  document.addEventListener("click", function (event) {
    var open = event.target.closest("#desk .desk-text [data-row]");
    if (open && getSelection().isCollapsed) {
      event.preventDefault();
      select(document.getElementById("row-" + open.dataset.row), true);
      return;
    }
    var words = event.target.closest(".desk-words");
    if (words) { event.preventDefault(); select(words.closest(".desk-row"), true); return; }
    var span = event.target.closest("[data-span]");
    if (span) { event.preventDefault(); point(span.dataset.span.split("-").map(Number)); }
  });
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form && event.target.name === "kind" && form.matches("[data-mark]")) { show(form); }
  });

  // A remark points at a passage: the line it begins in is shown.
  function point(span) {
    var lines = Array.prototype.slice.call(document.querySelectorAll("#desk .desk-text [data-at]")), found = lines[0];
    lines.forEach(function (line) { if (Number(line.dataset.at) <= span[0]) { found = line; } });
    document.querySelectorAll("#desk .now-span").forEach(function (one) { one.classList.remove("now-span"); });
    found.classList.add("now-span");
    document.querySelector("#desk .desk-text").scrollIntoView({block: "nearest"});
    reveal(document.querySelector("#desk .desk-text"), found);
  }

  // After a part was loaded the same row, or the one that took its place, is the current one.
  var kept = {key: "", at: 0, text: 0, side: 0, page: 0};
  document.addEventListener("htmx:beforeSwap", function () {
    var row = current();
    if (!desk() || !document.querySelector("#desk .desk-text")) { return; }
    kept = {
      key: row ? row.dataset.key : "", at: rows().indexOf(row),
      text: document.querySelector("#desk .desk-text").scrollTop, side: document.querySelector("#desk .desk-side").scrollTop,
      page: scrollY
    };
  });
  document.addEventListener("htmx:afterSettle", function () {
    if (!desk() || !document.querySelector("#desk .desk-text")) { return; }
    scrollTo({top: kept.page, behavior: "instant"});
    document.querySelector("#desk .desk-text").scrollTop = kept.text;
    document.querySelector("#desk .desk-side").scrollTop = kept.side;
    var all = rows(), key = desk().dataset.chosen || kept.key;
    var row = all.find(function (one) { return one.dataset.key === key; }) || all[Math.min(Math.max(kept.at, 0), all.length - 1)];
    var field = document.querySelector("#desk [data-save] input:not([type=hidden])");
    select(row, !field && !typing(document.activeElement)); // whoever types already goes on typing
    if (field) { field.focus({preventScroll: true}); field.select(); }
    document.querySelectorAll("[data-mark]").forEach(show);
  });
  function ready() {
    document.querySelectorAll("[data-mark]").forEach(show);
    document.querySelectorAll(".no-script").forEach(function (one) { one.hidden = true; });
    document.querySelectorAll("[data-choice] button").forEach(function (one) { one.hidden = false; });
    var row = current();
    if (row) { select(row); }
  }

  // Files, one request each, so that one sees how far it is and can stop between two of them.
  var given = new Map();
  function send(form, file, isVersion) {
    var data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    if (form.elements.proposal) { data.append("proposal", form.elements.proposal.value); }
    if (isVersion) { data.append("version", "1"); }
    data.append("files", file);
    return fetch(form.action, {method: "POST", body: data, headers: {"X-Part": "1"}, redirect: "error"}).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.text();
    });
  }
  function words(form, name, values) {
    var said = form.querySelector("[data-said]");
    said.textContent = said.dataset[name].replace(/\{(\w+)\}/g, function (all, key) { return values[key]; });
  }
  function put(list, html, file) {
    var holder = document.createElement("ol");
    holder.innerHTML = html;
    Array.prototype.slice.call(holder.children).forEach(function (item) {
      given.set(item, file);
      list.appendChild(item);
    });
    ready();
    return holder;
  }
  document.addEventListener("submit", function (event) {
    var form = event.target.closest("[data-one-by-one]");
    var files = form && Array.prototype.slice.call(form.elements.files.files);
    if (!form || files.length === 0) { return; }
    event.preventDefault();
    var list = document.getElementById("brought"), bar = form.querySelector("progress"), stop = form.querySelector("[data-stop]");
    var stopped = false, good = 0, bad = 0;
    list.replaceChildren();
    bar.hidden = stop.hidden = false;
    bar.max = files.length;
    stop.onclick = function () { stopped = true; };
    files.reduce(function (before, file, n) {
      return before.then(function () {
        if (stopped) { return null; }
        bar.value = n;
        words(form, "words", {n: n + 1, all: files.length});
        return send(form, file, form.elements.version.checked).then(function (html) {
          put(list, html, file);
        }, function () { lost(form, list, file); }).then(function () {
          if (list.lastElementChild.matches(".late")) { bad += 1; } else { good += 1; }
        });
      });
    }, Promise.resolve()).then(function () {
      bar.value = good + bad;
      words(form, "done", {good: good, bad: bad});
      form.elements.files.value = "";
      stop.hidden = true;
    });
  });
  // One that could not be sent is told of and leaves the others alone.
  function lost(form, list, file) {
    var item = document.createElement("li"), name = document.createElement("h3"), said = document.createElement("p");
    item.className = "result late";
    name.textContent = file.name;
    said.textContent = form.querySelector("[data-said]").dataset.failed;
    item.append(name, said);
    list.appendChild(item);
  }
  document.addEventListener("click", function (event) {
    var item = event.target.closest("#brought > li"), form = document.querySelector("[data-one-by-one]");
    if (!item || !form) { return; }
    if (event.target.closest("[data-drop]")) { item.remove(); }
    if (event.target.closest("[data-again]") && given.get(item)) {
      send(form, given.get(item), true).then(function (html) {
        var holder = document.createElement("ol");
        holder.innerHTML = html;
        item.replaceWith.apply(item, holder.children);
      });
    }
  });
  document.addEventListener("dragover", function (event) {
    var drop = event.target.closest && event.target.closest(".drop");
    if (drop) { event.preventDefault(); drop.classList.add("over"); }
  });
  document.addEventListener("dragleave", function (event) {
    var drop = event.target.closest && event.target.closest(".drop");
    if (drop) { drop.classList.remove("over"); }
  });
  document.addEventListener("drop", function (event) {
    var drop = event.target.closest && event.target.closest(".drop");
    if (!drop) { return; }
    event.preventDefault();
    drop.classList.remove("over");
    drop.querySelector("input[type=file]").files = event.dataTransfer.files;
  });
  ready();
}());
