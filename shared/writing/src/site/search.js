// Shows the cards that hold every word that is typed; without it the list is complete as it stands.
"use strict";
const index = "the index";
const form = document.getElementById("search");
const field = form.querySelector("input");
const told = form.querySelector("output");
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const cards = [...document.querySelectorAll(".listed .cards > li")].map((card) => {
  const slug = card.querySelector("a").getAttribute("href").replace(/^.*\/|\.html$/g, "");
  return { card, text: plain(`${card.textContent} ${index[slug] ?? ""}`) };
});
const find = () => {
  const words = plain(field.value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { card, text } of cards) {
    card.hidden = !words.every((word) => text.includes(word));
    if (!card.hidden) found += 1;
  }
  for (const section of document.querySelectorAll(".listed")) {
    section.hidden = !section.querySelector(".cards > li:not([hidden])");
  }
  told.textContent = words.length === 0 ? "" : found === 0 ? "No page holds all these words." : `${found} of ${cards.length} pages`;
};
field.addEventListener("input", find);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  find();
});
