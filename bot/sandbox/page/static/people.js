// The people to be, and the chats the chosen one has.

import { element } from "/static/dom.js";

const COLOURS = 4;

export class People {
  #list;
  #chats;
  #goto;
  #buttons = new Map(); // chat ids of private chats are the people's own
  #chosen;

  constructor(list, chats, cast, goto) {
    this.#list = list;
    this.#chats = chats;
    this.#goto = goto;
    cast.forEach((person, number) => this.#add(person, number % COLOURS));
  }

  #add(person, colour) {
    const button = element("button", "person");
    button.type = "button";
    const face = element("span", `avatar colour-${colour}`, person.name[0]);
    face.setAttribute("aria-hidden", "true");
    const words = element("span", "words");
    words.append(element("span", "called", person.name), element("span", "what", person.about));
    const unread = element("span", "unread");
    unread.hidden = true;
    button.append(face, words, unread);
    button.addEventListener("click", () => this.#goto(person));
    this.#buttons.set(person.id, { button, unread, count: 0 });
    const item = document.createElement("li");
    item.append(button);
    this.#list.append(item);
  }

  show(person, chat) {
    this.#chosen = chat;
    for (const [id, { button }] of this.#buttons) {
      if (id === person.id) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    if (this.#buttons.has(chat)) this.#count(chat, 0);
    this.#chats.hidden = person.groups.length === 0;
    const all = [{ id: person.id, title: "Bot" }, ...person.groups];
    this.#chats.replaceChildren(...all.map((each) => this.#toggle(person, each, chat)));
  }

  #toggle(person, { id, title }, chosen) {
    const button = element("button", "chat", title);
    button.type = "button";
    button.setAttribute("aria-pressed", String(id === chosen));
    button.addEventListener("click", () => this.#goto(person, id));
    return button;
  }

  /** The bot wrote to somebody who is not looked at. */
  noteUnread({ what, chat, message }) {
    const entry = this.#buttons.get(chat);
    if (entry && what === "sent" && message.from.is_bot && chat !== this.#chosen)
      this.#count(chat, entry.count + 1);
  }

  #count(id, count) {
    const entry = this.#buttons.get(id);
    entry.count = count;
    entry.unread.hidden = count === 0;
    entry.unread.replaceChildren(String(count), element("span", "only-read-out", " new messages"));
  }
}
