// Pictures as the family keeps them: small image files, shown from a data address.

/** An address for an `img`; null for no picture. The file's form was checked when it came. */
export function pictureAddress(picture: Uint8Array | null): string | null {
  if (picture === null) return null;
  const text = btoa(String.fromCharCode(...picture));
  return `data:${typeOf(picture)};base64,${text}`;
}

function typeOf(picture: Uint8Array): string {
  if (picture[0] === 0xff) return 'image/jpeg';
  return picture[0] === 0x89 ? 'image/png' : 'image/webp';
}
