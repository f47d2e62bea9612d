// Times in the zone of this browser and the language of the person.

const UNITS = [
  [86400, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
];
const formats = new Map();

function format(language, options) {
  const key = language + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language, options));
  return formats.get(key);
}

export const clock = (unix, language) =>
  format(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(unix * 1000);

export const dayOf = (unix) => new Date(unix * 1000).toDateString();

export const dayWords = (unix, language) =>
  format(language, { day: "numeric", month: "long" }).format(unix * 1000);

/** A `date_time` entity: `form` is Telegram's, https://core.telegram.org/bots/api#date-time-entity-formatting */
export function localTime(unix, form, label, language) {
  const time = document.createElement("time");
  const moment = new Date(unix * 1000);
  time.dateTime = moment.toISOString();
  time.title = format(language, { dateStyle: "full", timeStyle: "long" }).format(moment);
  if (form === "r") {
    time.dataset.until = unix;
    time.dataset.language = language;
    time.textContent = relative(unix, language);
  } else {
    time.textContent = form ? format(language, options(form)).format(moment) : label;
  }
  return time;
}

function options(form) {
  const chosen = {};
  if (form.includes("w")) chosen.weekday = "long";
  if (form.includes("d")) Object.assign(chosen, { day: "2-digit", month: "2-digit", year: "2-digit" });
  if (form.includes("D")) Object.assign(chosen, { day: "numeric", month: "long", year: "numeric" });
  if (/t/i.test(form)) Object.assign(chosen, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (form.includes("T")) chosen.second = "2-digit";
  return chosen;
}

function relative(unix, language) {
  const seconds = Math.round(unix - Date.now() / 1000);
  const [size, name] = UNITS.find(([least]) => Math.abs(seconds) >= least) ?? UNITS.at(-1);
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return words.format(Math.trunc(seconds / size), name);
}

/** Bring relative times up to date. */
export function tick(root) {
  for (const time of root.querySelectorAll("time[data-until]")) {
    const words = relative(Number(time.dataset.until), time.dataset.language);
    if (time.textContent !== words) time.textContent = words;
  }
}
