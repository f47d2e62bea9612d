// The pay page: shows the invoice as it stands, and plays the payer.

import { get, post, Refused } from "/pay/shared/net.js";
import { copy, toast } from "/pay/shared/notices.js";
import { clockWords, money, plain } from "/pay/static/words.js";

const LOOK = 1500; // milliseconds between looks: the bot may cancel, and time ends
const base = location.pathname.replace(/\/$/, "");
const byId = (id) => document.getElementById(id);

const STATUS = {
  created: "Waiting for payment",
  partial: "Paid in part",
  paid: "Paid",
  overpaid: "Paid, and more than was asked",
  canceled: "Closed: expired or cancelled",
};
const DEEDS = {
  full: ["Pay in full", "success"],
  part: ["Pay half of it", ""],
  more: ["Pay too much", ""],
  late: ["Pay too late", ""],
  cancel: ["Cancel it", "danger"],
};

let shown = {};
let ahead = 0; // milliseconds by which the server's clock is ahead of this one

function show(invoice) {
  ahead = invoice.now * 1000 - Date.now();
  const { now, ...state } = invoice;
  if (JSON.stringify(state) === JSON.stringify(shown)) return;
  const focused = document.activeElement;
  shown = state;
  byId("card").hidden = false;
  byId("card").dataset.status = state.status;
  document.title = `Sandbox · ${money(state)} · ${STATUS[state.status]}`;
  byId("amount").textContent = money(state);
  byId("status").textContent = STATUS[state.status];
  byId("id").textContent = `Invoice ${state.id}`;
  showChoice(state);
  showAddress(state);
  showSums(state);
  showDeeds(state);
  count();
  if (!focused?.isConnected || focused.closest("[hidden]"))
    document.querySelector(".ways button, .send button")?.focus();
}

function showChoice({ offered }) {
  const form = byId("choose");
  form.hidden = offered.length === 0;
  if (form.hidden || byId("coin").options.length) return;
  const groups = new Map();
  for (const { id, code, network_name: network } of offered) {
    if (!groups.has(code)) {
      const group = document.createElement("optgroup");
      group.label = code;
      groups.set(code, group);
    }
    groups.get(code).append(new Option(`${code} on ${network}`, id));
  }
  byId("coin").append(...groups.values());
  const usual = offered.find(({ id }) => id === "USDT_TRC20");
  if (usual) byId("coin").value = usual.id;
}

function showAddress({ coin, address, rest, status, possible }) {
  const open = coin !== null && possible.includes("full");
  byId("send").hidden = !open;
  if (!open) return;
  const named = coin.network === coin.code ? coin.code : `${coin.code} on ${coin.network_name} (${coin.network})`;
  byId("send-title").textContent = `Send ${named} only`;
  byId("due").textContent = `${rest} ${coin.code}`;
  byId("due").dataset.amount = rest;
  byId("address").textContent = address;
  const code = `${base}/qr.svg`;
  if (byId("code").getAttribute("src") !== code) byId("code").src = code;
}

function showSums({ coin, received, rest, due, status }) {
  byId("sums").hidden = Number(received) === 0;
  if (!coin) return;
  byId("received").textContent = `${received} of ${due} ${coin.code}`;
  const over = status === "overpaid";
  byId("rest-title").hidden = byId("rest").hidden = !over && Number(rest) === 0;
  byId("rest-title").textContent = over ? "Too much" : "Still to pay";
  byId("rest").textContent = `${over ? plain(received, due) : rest} ${coin.code}`;
}

function showDeeds({ possible, status, coin }) {
  byId("deeds").hidden = possible.length === 0;
  const buttons = possible.map((deed) => {
    const [words, style] = DEEDS[deed];
    const button = document.createElement("button");
    button.type = "button";
    button.className = `button ${style}`;
    button.dataset.deed = deed;
    button.textContent = deed === "full" && status === "partial" ? "Pay the rest" : words;
    button.addEventListener("click", () => act("act", { deed }));
    return button;
  });
  byId("ways").replaceChildren(...buttons);
}

async function act(path, body) {
  try {
    show(await post(`${base}/${path}`, body));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    toast(error.message);
  }
}

/** The countdown; nothing is counted once it is settled. */
function count() {
  const open = ["created", "partial"].includes(shown.status);
  byId("left").hidden = !open;
  if (!open) return;
  const seconds = Math.max(0, Math.round(shown.expires - (Date.now() + ahead) / 1000));
  const words = clockWords(seconds);
  if (byId("clock").textContent !== words) byId("clock").textContent = words;
  byId("clock-words").textContent = seconds ? "Payable for" : "The time is over:";
}

async function look() {
  try {
    if (!document.hidden) show(await get(`${base}/state`));
    document.body.classList.remove("away");
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (!document.body.classList.contains("away")) toast(error.message);
    document.body.classList.add("away");
  }
  setTimeout(look, LOOK);
}

byId("choose").addEventListener("submit", (event) => {
  event.preventDefault();
  act("coin", { coin: byId("coin").value });
});
byId("copy-due").addEventListener("click", () => copy(byId("due").dataset.amount));
byId("copy-address").addEventListener("click", () => copy(byId("address").textContent));
setInterval(count, 1000);
look();
