// One chat: loads it, keeps it as the server has it, and stays at its end.

import { get } from "/shared/net.js";
import { element } from "/static/dom.js";
import { dayOf, dayWords, tick } from "/static/times.js";
import { isFor, keyOf } from "/static/keys.js";
import { draw } from "/static/message.js";
import { place } from "/static/stream.js";

const NEAR_END = 60; // pixels
const TYPING = 5; // seconds for which Telegram shows an action

export class ChatView {
  #here;
  #acts;
  #log = document.getElementById("log");
  #state = document.getElementById("state");
  #newest = document.getElementById("newest");
  #shown = new Map();
  #known = 0;
  #waiting = null; // what happens while the chat is being loaded
  #chat = null;
  #online = false;
  #typingUntil = 0;

  constructor(here, acts) {
    this.#here = here;
    this.#acts = acts;
    this.#newest.addEventListener("click", () => this.#toEnd());
    this.#log.addEventListener("scroll", () => this.#atEnd() && (this.#newest.hidden = true));
    new ResizeObserver(() => this.#stuck && this.#toEnd()).observe(this.#log);
    setInterval(() => (tick(this.#log), this.#sayState()), 1000);
  }

  #stuck = true;

  /** Load the chosen chat; nothing is returned when another was chosen meanwhile. */
  async open() {
    const waiting = (this.#waiting = []);
    const { person, chat } = this.#here;
    this.#chat = chat;
    this.#log.setAttribute("aria-busy", "true"); // what was said before is not read out
    const found = await get("/api/chat", { person: person.id, chat });
    if (waiting !== this.#waiting) return null;
    this.#waiting = null;
    this.#known = place(found.cursor);
    this.#shown.clear();
    const all = document.createDocumentFragment();
    if (!found.messages.length && found.about) all.append(element("p", "intro", found.about));
    let day = "";
    for (const message of found.messages) day = this.#append(all, message, day);
    this.#log.replaceChildren(all);
    this.#toEnd();
    this.#typingUntil = 0;
    for (const [change, number] of waiting) this.change(change, number);
    requestAnimationFrame(() => this.#log.removeAttribute("aria-busy"));
    return found;
  }

  /** Show what happened; false when it is of another chat or for other eyes. */
  change(change, number) {
    const { message } = change;
    if (change.chat !== this.#chat || !isFor(message, this.#here.person)) return false;
    if (this.#waiting) this.#waiting.push([change, number]);
    else if (number > this.#known) this.#apply(change, number);
    return true;
  }

  #apply({ what, message, anew }, number) {
    this.#known = number;
    if (anew) return void this.open(); // it stands in the place of another
    const key = keyOf(message);
    const old = this.#shown.get(key);
    const follow = this.#atEnd();
    if (what === "deleted") {
      this.#shown.delete(key);
      this.#drop(old);
    } else if (old) {
      this.#replace(old, message);
    } else {
      this.#log.querySelector(".intro")?.remove();
      const last = this.#log.lastElementChild;
      this.#append(this.#log, message, last?.dataset.day ?? "");
      if (message.from.is_bot) this.#typingUntil = 0;
    }
    const own = what === "sent" && message.from.id === this.#here.person.id;
    if (follow || own) this.#toEnd();
    else if (what === "sent") this.#newest.hidden = false;
    this.#sayState();
  }

  #append(to, message, before) {
    const day = dayOf(message.date);
    if (day !== before) {
      const chip = element("p", "day", dayWords(message.date, this.#here.person.language));
      chip.dataset.day = day;
      to.append(chip);
    }
    const drawn = draw(message, this.#here, this.#acts);
    drawn.dataset.day = day;
    const previous = to.lastElementChild;
    if (previous?.dataset.from === drawn.dataset.from) drawn.classList.add("same");
    this.#shown.set(keyOf(message), drawn);
    to.append(drawn);
    return day;
  }

  /** Whoever was on a button of the old message is put on the first of the new one. */
  #replace(old, message) {
    const focused = old.contains(document.activeElement);
    const drawn = draw(message, this.#here, this.#acts);
    drawn.dataset.day = old.dataset.day;
    drawn.classList.toggle("same", old.classList.contains("same"));
    this.#shown.set(keyOf(message), drawn);
    old.replaceWith(drawn);
    if (focused) (drawn.querySelector(".keyboard :is(a, button:enabled)") ?? this.#log).focus();
  }

  #drop(old) {
    if (!old) return;
    if (old.contains(document.activeElement)) this.#log.focus();
    const chip = old.previousElementSibling;
    const next = old.nextElementSibling;
    old.remove();
    if (chip?.classList.contains("day") && (!next || next.classList.contains("day"))) chip.remove();
  }

  typing({ chat, at }) {
    if (chat !== this.#chat) return;
    this.#typingUntil = at + TYPING;
    this.#sayState();
  }

  connected(is) {
    this.#online = is;
    this.#sayState();
  }

  #sayState() {
    const typing = Date.now() / 1000 < this.#typingUntil;
    const idle = this.#here.inGroup ? "group" : "bot";
    const words = this.#online ? (typing ? "typing…" : idle) : "connecting…";
    if (this.#state.textContent !== words) this.#state.textContent = words;
    this.#state.classList.toggle("typing", words === "typing…");
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    return (this.#stuck = scrollHeight - scrollTop - clientHeight < NEAR_END);
  }

  #toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#newest.hidden = true;
    this.#stuck = true;
  }
}
