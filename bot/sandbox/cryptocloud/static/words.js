// Amounts and times in words. Amounts are decimal strings and never become floats.

const PLACES = 8;

export function money({ amount, currency }) {
  const [whole, fraction = ""] = amount.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, " ");
  return `${grouped}.${fraction.padEnd(2, "0")} ${currency}`;
}

/** `more` less `less`, both in decimals of at most eight places. */
export function plain(more, less) {
  const units = BigInt(scaled(more)) - BigInt(scaled(less));
  const digits = String(units).padStart(PLACES + 1, "0");
  return `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`.replace(/\.?0+$/, "");
}

function scaled(amount) {
  const [whole, fraction = ""] = amount.split(".");
  return whole + fraction.padEnd(PLACES, "0");
}

/** 26:03:09, or 03:09 in the last hour; days apart. */
export function clockWords(seconds) {
  const days = Math.floor(seconds / 86400);
  const parts = [Math.floor((seconds % 86400) / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (!days && !parts[0]) parts.shift();
  const clock = parts.map((part) => String(part).padStart(2, "0")).join(":");
  return days ? `${days} d ${clock}` : clock;
}
