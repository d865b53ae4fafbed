// The relay's public address as it stands in an invitation and in a recovery kit.

/** True for `https://host` or `http://host`, with a port or without, and nothing after it: in its one spelling. */
export function isOrigin(text: string): boolean {
  if (text.length > 256 || !/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  return new URL(text).origin === text;
}
