/** What the server has written into the page. */
export interface PageFacts {
  readonly botUsername: string | null;
  /** Telegram's script, or the simulator's in its stead. */
  readonly script: string | null;
  /** Telegram is simulated: an ordinary browser may play it. */
  readonly simulated: boolean;
}

function readFacts(): PageFacts {
  const content = document.querySelector('meta[name=holdfast]')?.getAttribute('content') ?? '';
  const nothing = { botUsername: null, script: null, simulated: false };
  return content === '' ? nothing : (JSON.parse(content) as PageFacts);
}

export const facts = readFacts();

/** The bot's chat, at a deep link of ours; null when the page does not know its name. */
export function botLink(start?: string): string | null {
  if (facts.botUsername === null) return null;
  return `https://t.me/${facts.botUsername}${start === undefined ? '' : `?start=${start}`}`;
}
