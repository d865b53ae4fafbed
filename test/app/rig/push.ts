// The browser's half of a push service: headless Chromium has none, so the page is given subscriptions that lead to a service of ours.

/**
 * A script for a context: `pushManager.subscribe` gives a subscription with real keys whose endpoint is on `origin`. What that service
 * receives is delivered with `Phone.push`.
 */
export function pushScript(origin: string): string {
  return `(() => {
  const manager = globalThis.PushManager?.prototype;
  if (!manager) return;
  const base64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  // A browser keeps a subscription over the end of a page. Only its address is asked for then.
  const PLACE = 'test-push-endpoint';
  const kept = globalThis.localStorage?.getItem(PLACE) ?? null;
  const unsubscribe = async () => {
    current = null;
    localStorage.removeItem(PLACE);
    return true;
  };
  let current = kept === null ? null : { endpoint: kept, unsubscribe };
  manager.subscribe = async function (options) {
    if (current !== null) return current;
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const keys = {
      p256dh: await crypto.subtle.exportKey('raw', pair.publicKey),
      auth: crypto.getRandomValues(new Uint8Array(16)).buffer,
    };
    const endpoint = '${origin}/push/' + crypto.randomUUID();
    current = {
      endpoint,
      expirationTime: null,
      options,
      getKey: (name) => keys[name],
      toJSON: () => ({
        endpoint,
        expirationTime: null,
        keys: { p256dh: base64(keys.p256dh), auth: base64(keys.auth) },
      }),
      unsubscribe,
    };
    localStorage.setItem(PLACE, endpoint);
    return current;
  };
  manager.getSubscription = async () => current;
  manager.permissionState = async () => 'granted';
})();`;
}
