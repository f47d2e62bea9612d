// Short words over the page, questions that stop it, and the clipboard.

const SHOWN = 3500; // milliseconds

/** Words that go by themselves. The page has a live region with the id `toasts`. */
export function toast(text) {
  const note = document.createElement("div");
  note.className = "toast";
  note.textContent = text;
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), SHOWN + 40 * text.length);
}

/** A box to be closed; `ways` are further buttons or links, made by `way`. */
export function ask(title, text, ways = []) {
  const box = document.createElement("dialog");
  const heading = document.createElement("h2");
  heading.id = "dialog-title";
  heading.textContent = title;
  box.setAttribute("aria-labelledby", heading.id);
  const words = document.createElement("p");
  words.textContent = text;
  const row = document.createElement("div");
  row.className = "ways";
  const close = way("Close", () => {});
  row.append(...ways, close);
  row.addEventListener("click", (event) => event.target !== row && box.close());
  box.addEventListener("close", () => box.remove());
  box.append(heading, words, row);
  document.body.append(box);
  box.showModal();
  close.focus();
}

export function way(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    ask("To be copied by hand", text); // the browser does not let pages write the clipboard
  }
}
