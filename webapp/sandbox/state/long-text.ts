/** As many characters as Telegram takes in one message. */
export const messageCharactersMax = 4_096;

/** A text as Telegram's apps send it: what is too long for one message goes out as several, broken between words. */
export function messagesOf(text: string): string[] {
  const messages: string[] = [];
  let rest = text.trim();
  while (rest.length > messageCharactersMax) {
    const end = breakOf(rest);
    messages.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...messages, rest];
}

function breakOf(text: string): number {
  const space = /\s\S*$/.exec(text.slice(0, messageCharactersMax + 1))?.index ?? 0;
  if (space > 0) return space;
  const isInsidePair = /[\uD800-\uDBFF]/.test(text.charAt(messageCharactersMax - 1));
  return isInsidePair ? messageCharactersMax - 1 : messageCharactersMax;
}
