// A press on a mark opens its card beside it. Without this script the mark leads to its row in the table.
(function () {
  "use strict";
  var GAP = 8;
  function place(card, mark) {
    if (matchMedia("(max-width: 40rem)").matches) { return; } // there the style sheet lays it along the bottom
    var at = mark.getClientRects()[0] || mark.getBoundingClientRect();
    var box = card.getBoundingClientRect();
    var below = at.bottom + GAP + box.height < innerHeight;
    card.style.left = Math.max(GAP, Math.min(at.left, document.documentElement.clientWidth - box.width - GAP)) + "px";
    card.style.top = Math.max(GAP, below ? at.bottom + GAP : at.top - GAP - box.height) + "px";
  }
  document.addEventListener("click", function (event) {
    var inside = event.target.closest(".mark-card a[href^='#']");
    if (inside) { inside.closest(".mark-card").hidePopover(); return; }
    var mark = event.target.closest("[data-card]");
    var card = mark && document.getElementById(mark.dataset.card);
    if (!card || !card.showPopover || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    if (card.matches(":popover-open")) { card.hidePopover(); return; }
    card.showPopover();
    place(card, mark);
    card.focus({preventScroll: true}); // closing gives the focus back to the mark
  });
}());
