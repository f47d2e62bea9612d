// Asking the page's own server. What it refuses comes as an error with its words.

export class Refused extends Error {}

async function answered(asked) {
  let response;
  try {
    response = await asked;
  } catch {
    throw new Refused("The sandbox does not answer. Is it still running?");
  }
  if (!response.ok) throw new Refused(await response.text());
  return response.json();
}

export function get(path, query = {}) {
  const asked = new URLSearchParams(query).toString();
  return answered(fetch(asked ? `${path}?${asked}` : path));
}

export function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return answered(fetch(path, { method: "POST", headers, body: JSON.stringify(body) }));
}
