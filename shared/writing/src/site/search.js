// Shows the cards that hold every word that is typed; without it the list is complete as it stands.
"use strict";
const form = document.getElementById("search");
const field = form.querySelector("input");
const told = form.querySelector("output");
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const cards = [...document.querySelectorAll(".listed .cards > li")].map((card) => {
  const slug = card.querySelector("a").getAttribute("href").replace(/^.*\/|\.html$/g, "");
  return { card, slug, text: plain(card.textContent) };
});
const find = () => {
  const words = plain(field.value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { card, slug, text } of cards) {
    const more = globalThis.siteIndex?.[slug] ?? "";
    card.hidden = !words.every((word) => text.includes(word) || more.includes(word));
    if (!card.hidden) found += 1;
  }
  for (const section of document.querySelectorAll(".listed")) {
    section.hidden = !section.querySelector(".cards > li:not([hidden])");
  }
  told.textContent = words.length === 0 ? "" : found === 0 ? "No page holds all these words." : `${found} of ${cards.length} pages`;
};
// The index is asked for when somebody wants to search; until it is there the cards speak for themselves.
field.addEventListener("focus", () => {
  const index = document.createElement("script");
  index.src = "assets/search-index.js";
  index.addEventListener("load", find);
  document.head.append(index);
}, { once: true });
field.addEventListener("input", find);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  find();
});
