// The chat page: who is chosen stands in the address, everything else is on the server.

import { get, post, Refused } from "/shared/net.js";
import { toast } from "/shared/notices.js";
import { ChatView } from "/static/chat.js";
import { Composer } from "/static/composer.js";
import { settleTap } from "/static/keyboard.js";
import { People } from "/static/people.js";
import { follow } from "/static/stream.js";

const byId = (id) => document.getElementById(id);
const { bot, people: cast } = await get("/api/people");

const here = {
  bot,
  person: cast[0],
  chat: cast[0].id,
  get inGroup() {
    return this.chat !== this.person.id;
  },
};

/** Do something to the bot as the chosen person; what cannot be done is said. */
async function act(path, more) {
  try {
    return await post(path, { person: here.person.id, ...more });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.message);
    return null;
  }
}

const acts = {
  send: (text, replyTo = null) =>
    act("/api/send", { chat: here.chat, text, reply_to: replyTo }),
  tap: (message, data) => act("/api/tap", { chat: here.chat, message, data }),
  open: (link) => act("/api/open", { link }).then((done) => done && here.inGroup && goto(here.person)),
  commands: () => get("/api/commands", { person: here.person.id, chat: here.chat }),
  reply: (message) => composer.answer(message),
};

const people = new People(byId("people"), byId("chats"), cast, goto);
const view = new ChatView(here, acts);
const composer = new Composer(here, acts);

function goto(person, chat = person.id) {
  const group = person.groups.find((each) => each.id === chat);
  location.hash = slug(person.name) + (group ? `/${slug(group.title)}` : "");
}

const slug = (name) => name.toLowerCase().replaceAll(" ", "-");

async function arrive() {
  const [name, place] = decodeURIComponent(location.hash.slice(1)).split("/");
  here.person = cast.find((person) => slug(person.name) === name) ?? cast[0];
  const group = here.person.groups.find((each) => slug(each.title) === place);
  here.chat = group?.id ?? here.person.id;
  const title = group?.title ?? bot.first_name;
  byId("title").textContent = title;
  byId("face").textContent = title[0];
  byId("language").value = here.person.language;
  document.title = `Sandbox · ${here.person.name} · ${title}`;
  people.show(here.person, here.chat);
  composer.reset();
  return refresh();
}

async function refresh() {
  try {
    const found = await view.open();
    if (found) composer.offer(found);
    return found?.cursor;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.message);
    return null;
  }
}

byId("language").addEventListener("change", async (event) => {
  const language = event.target.value;
  if (await act("/api/language", { language })) {
    here.person.language = language;
    await refresh();
  }
});

byId("skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address says who is chosen
  byId("field").focus();
});
addEventListener("hashchange", arrive);
const cursor = await arrive();

follow(cursor ?? "", {
  connected: (is) => view.connected(is),
  message: (change, number) => {
    const shown = view.change(change, number);
    if (!shown) people.noteUnread(change);
    else if (change.what === "sent") composer.arrived(change.message);
  },
  action: (what) => view.typing(what),
  answer: (said) => settleTap(said, acts),
});
