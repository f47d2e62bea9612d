// One message as Telegram shows it.

import { copy } from "/shared/notices.js";
import { render, simple } from "/static/entities.js";
import { keyboard } from "/static/keyboard.js";
import { keyOf } from "/static/keys.js";
import { linkTo } from "/static/links.js";
import { element, pressable } from "/static/dom.js";
import { clock, localTime } from "/static/times.js";

export function draw(message, here, acts) {
  const own = message.from.id === here.person.id;
  const drawn = element("article", `message ${own ? "out" : "in"}`);
  drawn.dataset.from = message.from.id;
  drawn.dataset.key = keyOf(message);
  drawn.lang = here.person.language;
  const bubble = element("div", "bubble");
  bubble.append(...parts(message, own, here, acts));
  drawn.append(bubble);
  if (message.reply_markup?.inline_keyboard) drawn.append(keyboard(message, here, acts));
  return drawn;
}

function* parts(message, own, here, acts) {
  yield sender(message, own, here);
  if (message.receiver_user) yield element("p", "only-you", "Only you can see this");
  if (message.reply_to_message) yield quoted(message);
  if (message.photo) yield photo(message);
  if (message.document) yield file(message.document);
  const text = element("div", "text");
  const entities = message.entities ?? message.caption_entities ?? [];
  const wrap = (entity, inside) => node(entity, inside, here, acts);
  text.append(render(message.text ?? message.caption ?? "", entities, wrap));
  if (message.forum_topic_created) text.append(`Topic “${message.forum_topic_created.name}”`);
  text.append(meta(message, here));
  yield text;
  if (here.inGroup && message.from.is_bot) yield answering(message, acts);
}

function sender(message, own, here) {
  const shown = here.inGroup && !own;
  const name = own ? "You" : message.from.first_name;
  return element("p", shown ? "from" : "only-read-out", shown ? name : `${name}: `);
}

function meta(message, { person }) {
  const shown = element("span", "meta");
  if (message.edit_date) shown.append(element("span", "", "edited "));
  const time = element("time", "", clock(message.date, person.language));
  time.dateTime = new Date(message.date * 1000).toISOString();
  shown.append(time);
  return shown;
}

function quoted(message) {
  const { reply_to_message: to, quote } = message;
  const block = element("div", "quoted");
  const words = quote?.text ?? to.text ?? to.caption ?? (to.photo ? "Photo" : "File");
  block.append(element("span", "from", to.from.first_name), element("span", "", words));
  return block;
}

function answering(message, acts) {
  const button = element("button", "reply", "Reply");
  button.type = "button";
  button.addEventListener("click", () => acts.reply(message));
  return button;
}

const fileUrl = (id) => `/api/file/${encodeURIComponent(id)}`;

function photo({ photo: sizes, caption }) {
  const largest = sizes.at(-1);
  const image = element("img", "photo");
  image.src = fileUrl(largest.file_id);
  image.alt = caption ? "Photo, described below" : "Photo";
  if (largest.width) Object.assign(image, { width: largest.width, height: largest.height });
  return image;
}

function file({ file_id: id, file_name: name = "File", file_size: size }) {
  const link = element("a", "file", name);
  Object.assign(link, { href: fileUrl(id), download: name });
  if (size) link.append(element("span", "size", ` ${Math.ceil(size / 1024)} KB`));
  return link;
}

function node(entity, text, here, acts) {
  const plain = simple(entity);
  if (plain) return plain;
  switch (entity.type) {
    case "code":
      return code(text);
    case "pre":
      return block(text, entity.language);
    case "text_link":
    case "url":
      return linkTo(entity.url ?? text, "link", here, acts);
    case "bot_command":
      return command(text, acts);
    case "date_time":
      return localTime(entity.unix_time, entity.date_time_format, text, here.person.language);
    default:
      return element("span", entity.type === "custom_emoji" ? "" : "mention");
  }
}

function code(text) {
  const made = element("code", "", text);
  made.role = "button";
  made.tabIndex = 0;
  made.title = "Copy";
  made.setAttribute("aria-label", `${text}, copy`);
  pressable(made, () => copy(text));
  return made;
}

function block(text, language) {
  const made = element("div", "pre");
  const head = element("button", "pre-head", language || "copy");
  head.type = "button";
  head.setAttribute("aria-label", `Copy ${language || "code"}`);
  head.addEventListener("click", () => copy(text));
  made.append(head, element("pre", "", text));
  return made;
}

function command(text, acts) {
  const made = element("button", "link", text);
  made.type = "button";
  made.addEventListener("click", () => acts.send(text));
  return made;
}
