// The one place that makes addresses of scripts: a browser with Trusted Types runs no other.

/** As far as Pawpost uses them: TypeScript's own library does not have them yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): string };
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const policy = trustedTypes?.createPolicy('pawpost', { createScriptURL: ownAddress });

/** An address for `new Worker` or the service worker's registration: of this origin, else it throws. */
export function scriptAddress(address: string): string {
  return policy === undefined ? ownAddress(address) : policy.createScriptURL(address);
}

function ownAddress(address: string): string {
  const { href, origin } = new URL(address, location.href);
  if (origin !== location.origin) throw new TypeError('a script from elsewhere');
  return href;
}
