// Where links lead: the bot itself, this machine, or a world that the sandbox does not open.

import { ask, copy, way } from "/shared/notices.js";
import { element } from "/static/dom.js";

const TO_BOT = /^https:\/\/t\.me\/(\w+)\?start=[\w-]{1,64}$/i;
const HERE = new Set(["127.0.0.1", "[::1]", "localhost"]);
const CALLED = /^[a-z][a-z0-9+.-]*:/i;

/** A link or button with this inside, doing what Telegram would do with the url. */
export function linkTo(url, className, here, acts) {
  const full = CALLED.test(url) ? url : `http://${url}`;
  if (isHere(full)) {
    const link = element("a", className);
    link.href = full;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  }
  const button = element("button", className);
  button.type = "button";
  const bot = TO_BOT.exec(full)?.[1].toLowerCase();
  button.addEventListener("click", () =>
    bot === here.bot.username.toLowerCase() ? acts.open(full) : stayHere(full),
  );
  return button;
}

function isHere(url) {
  try {
    const { protocol, hostname } = new URL(url);
    return ["http:", "https:"].includes(protocol) && HERE.has(hostname);
  } catch {
    return false;
  }
}

/** The link of a share button is passed on by hand; any other is only shown. */
function stayHere(url) {
  const { host, pathname, searchParams } = new URL(url);
  const shared = host === "t.me" && pathname === "/share/url" ? searchParams.get("url") : null;
  if (shared === null) {
    const words = `Telegram would open this link; the sandbox stays on this machine.\n\n${url}`;
    ask("A link to the outside", words, [way("Copy link", () => copy(url))]);
    return;
  }
  const ways = [way("Copy link", () => copy(shared))];
  if (isHere(shared)) {
    const open = element("a", "button success", "Open it");
    Object.assign(open, { href: shared, target: "_blank", rel: "noopener noreferrer" });
    ways.push(open);
  }
  const words = `${searchParams.get("text") ?? ""}\n${shared}`.trim();
  ask("Send to buyer", `Telegram would ask which chat to send this to:\n\n${words}`, ways);
}
