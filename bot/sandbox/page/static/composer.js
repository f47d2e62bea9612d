// The line one types into, the menu of commands over it, and what one answers to.

import { element } from "/static/dom.js";
import { keyOf } from "/static/keys.js";

const byId = (id) => document.getElementById(id);

export class Composer {
  #here;
  #acts;
  #field = byId("field");
  #menu = byId("menu");
  #opener = byId("open-menu");
  #bar = byId("answering");
  #commands = [];
  #replyTo = null;

  constructor(here, acts) {
    this.#here = here;
    this.#acts = acts;
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(this.#field.value);
    });
    byId("start").addEventListener("click", () => this.#begin());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("input", () => this.#suggest());
    this.#opener.addEventListener("click", () => this.#openMenu());
    this.#menu.addEventListener("keydown", (event) => this.#walk(event));
    byId("composer").addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !byId("composer").contains(relatedTarget)) this.#toggle(false);
    });
  }

  /** Another chat was chosen. */
  reset() {
    this.#field.value = "";
    this.#drop();
    this.#toggle(false);
  }

  /** What this chat has to offer. */
  offer({ started, messages }) {
    byId("start").hidden = started;
    byId("line").hidden = !started;
    const last = messages.findLast((message) => message.from.is_bot);
    if (last) this.arrived(last);
  }

  /** The bot wrote: it may want an answer to just that. */
  arrived(message) {
    if (message.from.is_bot && message.reply_markup?.force_reply) this.answer(message);
  }

  /** What is sent next answers this message. */
  answer(message) {
    this.#replyTo = keyOf(message);
    const close = element("button", "close", "×");
    close.type = "button";
    close.setAttribute("aria-label", "Do not reply");
    close.addEventListener("click", () => (this.#drop(), this.#field.focus()));
    const words = element("span", "words", `Reply to: ${message.text ?? message.caption ?? ""}`);
    this.#bar.replaceChildren(words, close);
    this.#bar.hidden = false;
    this.#field.focus();
  }

  #drop() {
    this.#replyTo = null;
    this.#bar.hidden = true;
  }

  async #begin() {
    if (!(await this.#acts.send("/start"))) return;
    byId("start").hidden = true;
    byId("line").hidden = false;
    this.#field.focus();
  }

  async #send(text) {
    if (!text.trim()) return;
    this.#field.value = "";
    this.#toggle(false);
    const replyTo = this.#replyTo;
    this.#drop();
    const done = await this.#acts.send(text, replyTo);
    if (!done && !this.#field.value) this.#field.value = text; // nothing typed is lost
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send(this.#field.value);
    } else if (event.key === "Escape") {
      this.#toggle(false);
    } else if (event.key === "ArrowUp" && !this.#menu.hidden) {
      event.preventDefault();
      this.#menu.lastElementChild?.focus();
    }
  }

  /** A line that begins like a command shows those it may become. */
  async #suggest() {
    const begun = /^\/\w*$/.test(this.#field.value);
    if (begun && this.#menu.hidden) this.#commands = await this.#acts.commands();
    this.#toggle(/^\/\w*$/.test(this.#field.value), this.#field.value.slice(1));
  }

  async #openMenu() {
    if (!this.#menu.hidden) return this.#toggle(false);
    this.#commands = await this.#acts.commands();
    this.#toggle(true);
    this.#menu.firstElementChild?.focus();
  }

  #toggle(open, begun = "") {
    const found = this.#commands.filter(({ command }) => command.startsWith(begun));
    const shown = open && found.length > 0;
    this.#menu.replaceChildren(...(shown ? found.map((each) => this.#entry(each)) : []));
    this.#menu.hidden = !shown;
    this.#opener.setAttribute("aria-expanded", String(shown));
  }

  #entry({ command, description }) {
    const button = element("button", "entry");
    button.type = "button";
    button.append(element("b", "", `/${command}`), element("span", "", ` ${description}`));
    button.addEventListener("click", () => {
      this.#send(this.#here.inGroup ? `/${command}@${this.#here.bot.username}` : `/${command}`);
      this.#field.focus();
    });
    return button;
  }

  #walk(event) {
    const { activeElement } = document;
    if (event.key === "Escape") {
      this.#toggle(false);
      this.#field.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const down = event.key === "ArrowDown";
      const next = down ? activeElement.nextElementSibling : activeElement.previousElementSibling;
      (next ?? (down ? this.#field : activeElement)).focus();
    }
  }
}
