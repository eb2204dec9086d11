const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text is a UUID in its canonical, lower-case form. Ids of purchases are made by the client. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}
