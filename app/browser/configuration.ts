// Where the relay is: `/pawpost.json`, served beside the app.

const PATH = '/pawpost.json';
const LOCAL_HOSTS = ['localhost', '127.0.0.1'];

export interface Configuration {
  /** Origin of the relay. */
  relay: string;
  /** Address of a pretend radio; null in earnest. */
  radio: string | null;
}

/** Rejects with an Error `configuration` where there is none, or one that is none. */
export async function readConfiguration(): Promise<Configuration> {
  const answer = await fetch(PATH, { cache: 'no-cache' });
  const value: unknown = answer.ok ? await answer.json().catch(() => null) : null;
  const { relay, radio } = (value ?? {}) as { relay?: unknown; radio?: unknown };
  if (typeof relay !== 'string' || !isAddress(relay, ['https:', 'http:'])) throw new Error('configuration');
  return { relay: new URL(relay).origin, radio: isPretend(radio) ? radio : null };
}

/** Only on this very machine may a radio be pretended: elsewhere it would hand the toy's bytes to a stranger. */
function isPretend(radio: unknown): radio is string {
  if (typeof radio !== 'string' || !isAddress(radio, ['ws:'])) return false;
  return LOCAL_HOSTS.includes(location.hostname) && LOCAL_HOSTS.includes(new URL(radio).hostname);
}

function isAddress(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}
