// Inline keyboards: each button does what it does in Telegram, in its colour.

import { ask, copy, toast } from "/shared/notices.js";
import { linkTo } from "/static/links.js";
import { element } from "/static/dom.js";
import { keyOf } from "/static/keys.js";

const PATIENCE = 15_000; // milliseconds for which an app waits for the answer to a tap
const STYLES = new Set(["primary", "success", "danger"]);

const waiting = new Map(); // by callback: the button that spins
const early = new Map(); // answers that came before the tap was confirmed

export function keyboard(message, here, acts) {
  const rows = element("div", "keyboard");
  rows.role = "group";
  rows.setAttribute("aria-label", "Buttons");
  for (const buttons of message.reply_markup.inline_keyboard) {
    const row = element("div", "row");
    row.append(...buttons.map((button) => draw(button, message, here, acts)));
    rows.append(row);
  }
  return rows;
}

function draw(button, message, here, acts) {
  const drawn = make(button, message, here, acts);
  if (STYLES.has(button.style)) drawn.classList.add(button.style);
  drawn.prepend(element("span", "label", button.text));
  return drawn;
}

function make(button, message, here, acts) {
  if (button.url) {
    const link = linkTo(button.url, "tap to", here, acts);
    if (link.target) link.append(element("span", "only-read-out", " (opens a new tab)"));
    return link;
  }
  const made = element("button", "tap");
  made.type = "button";
  if (button.disabled) {
    made.disabled = true;
  } else if (button.copy_text) {
    made.classList.add("copies");
    made.addEventListener("click", () => copy(button.copy_text.text));
  } else if (button.callback_data) {
    made.addEventListener("click", () => tap(made, message, button, acts));
  } else {
    made.addEventListener("click", () => toast("The sandbox has no inline mode on this page yet."));
  }
  return made;
}

async function tap(made, message, button, acts) {
  made.setAttribute("aria-busy", "true");
  const done = await acts.tap(keyOf(message), button.callback_data);
  if (!done) return rest(made);
  const said = early.get(done.callback);
  if (said) {
    early.delete(done.callback);
    rest(made);
    say(said, acts);
    return;
  }
  const patience = setTimeout(() => {
    waiting.delete(done.callback);
    rest(made);
  }, PATIENCE);
  waiting.set(done.callback, { made, patience });
}

const rest = (made) => made.removeAttribute("aria-busy");

/** The bot answered a tap: of this page, or of another that shows the same person. */
export function settleTap(said, acts) {
  const tapped = waiting.get(said.callback);
  if (!tapped) {
    early.set(said.callback, said);
    setTimeout(() => early.delete(said.callback), PATIENCE);
    return;
  }
  waiting.delete(said.callback);
  clearTimeout(tapped.patience);
  rest(tapped.made);
  say(said, acts);
}

function say({ text, alert, url }, acts) {
  if (url) acts.open(url.startsWith("t.me/") ? `https://${url}` : url);
  if (text) alert ? ask("Invoice bot", text) : toast(text);
}
