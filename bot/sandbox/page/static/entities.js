// A text with its entities as nodes. Offsets are UTF-16 code units, as in JavaScript's strings.

import { element, pressable } from "/static/dom.js";

const LINK = /https?:\/\/[^\s<>"]+/g;
const AFTER_LINK = /[.,;:!?)\]}'»]+$/;
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/** `wrap(entity, text)` makes the node of an entity, whose inside is put into it. */
export function render(text, entities, wrap) {
  const root = document.createDocumentFragment();
  const all = [...entities, ...links(text, entities)];
  all.sort((one, other) => one.offset - other.offset || other.length - one.length);
  fill(root, text, { from: 0, to: text.length }, all, wrap);
  return root;
}

/** Links that Telegram finds by itself. */
function links(text, entities) {
  const found = [];
  for (const match of text.matchAll(LINK)) {
    const url = match[0].replace(AFTER_LINK, "");
    const [begin, end] = [match.index, match.index + url.length];
    const taken = entities.some(
      ({ type, offset, length }) =>
        ["code", "pre", "text_link", "url"].includes(type) && offset < end && begin < offset + length,
    );
    if (!taken) found.push({ type: "url", offset: begin, length: url.length });
  }
  return found;
}

function fill(parent, text, { from, to }, entities, wrap) {
  let at = from;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const end = Math.min(entity.offset + entity.length, to);
    const inside = others.filter((other) => other.offset < end);
    // One that begins inside and ends outside goes on after it.
    const split = inside
      .filter((other) => other.offset + other.length > end)
      .map((other) => ({ ...other, offset: end, length: other.offset + other.length - end }));
    parent.append(text.slice(at, entity.offset));
    const node = wrap(entity, text.slice(entity.offset, end));
    if (!node.hasChildNodes()) fill(node, text, { from: entity.offset, to: end }, inside, wrap);
    parent.append(node);
    // A block brings its own line break.
    at = BLOCKS.has(entity.type) && text[end] === "\n" ? end + 1 : end;
    rest = [...split, ...others.slice(inside.length)];
  }
  parent.append(text.slice(at, to));
}

const SIMPLE = { bold: "strong", italic: "em", underline: "u", strikethrough: "s" };

/** The node of an entity that needs nothing but itself; null for the others. */
export function simple(entity) {
  switch (entity.type) {
    case "bold":
    case "italic":
    case "underline":
    case "strikethrough":
      return element(SIMPLE[entity.type]);
    case "spoiler":
      return spoiler();
    case "blockquote":
      return element("blockquote");
    case "expandable_blockquote":
      return expandable();
    default:
      return null;
  }
}

function spoiler() {
  const hidden = element("span", "spoiler");
  hidden.role = "button";
  hidden.tabIndex = 0;
  hidden.setAttribute("aria-label", "Hidden text, show it");
  pressable(hidden, () => {
    hidden.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) hidden.removeAttribute(name);
  });
  return hidden;
}

function expandable() {
  const quote = element("blockquote", "expandable");
  quote.role = "button";
  quote.tabIndex = 0;
  quote.setAttribute("aria-expanded", "false");
  pressable(quote, () => {
    const open = quote.classList.toggle("open");
    quote.setAttribute("aria-expanded", String(open));
  });
  return quote;
}
