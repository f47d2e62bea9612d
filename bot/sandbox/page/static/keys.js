// Which message is meant, and for whom it is.

/** The server keeps ephemeral messages under the negative of their own numbers. */
export const keyOf = ({ message_id: number, ephemeral_message_id: ephemeral }) =>
  ephemeral ? -ephemeral : number;

/** Ephemeral messages are seen by the one they are for, and by who wrote them. */
export const isFor = (message, person) =>
  !message.receiver_user || [message.receiver_user.id, message.from.id].includes(person.id);
