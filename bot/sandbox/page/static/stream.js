// What happens meanwhile, as server-sent events. The browser reconnects and says what it knows;
// when it gives up, this begins again from there.

const AGAIN = 1500; // milliseconds

export function follow(cursor, { connected, message, action, answer }) {
  let known = cursor;
  const source = new EventSource(`/api/events?after=${encodeURIComponent(known)}`);
  const on = (kind, told) =>
    source.addEventListener(kind, (event) => {
      known = event.lastEventId;
      told(JSON.parse(event.data), place(known));
    });
  on("message", message);
  on("action", action);
  on("answer", answer);
  source.addEventListener("open", () => connected(true));
  // The sandbox was started anew: its messages are others.
  source.addEventListener("reset", () => location.reload());
  source.addEventListener("error", () => {
    connected(false);
    if (source.readyState !== EventSource.CLOSED) return;
    const handlers = { connected, message, action, answer };
    setTimeout(() => follow(known, handlers), AGAIN);
  });
}

/** Where in the log a cursor or an event id points. */
export const place = (cursor) => Number(cursor.split("-")[1] ?? 0);
