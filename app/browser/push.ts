// The browser's push service, for the relay to knock at.
import { codeError } from '../home/codes.ts';
import type { PushSeat } from '../home/platform.ts';

/** Null where the browser has none. */
export function browserPush(
  registration: Promise<ServiceWorkerRegistration | null>,
  onKnock: PushSeat['onKnock'],
): PushSeat | null {
  if (!('PushManager' in globalThis) || !('Notification' in globalThis)) return null;
  const subscription = async () => (await registration)?.pushManager.getSubscription() ?? null;
  return {
    onKnock,
    endpoint: async () => (await subscription())?.endpoint ?? null,
    async subscribe(relayKey) {
      if ((await Notification.requestPermission()) !== 'granted') throw codeError('push-denied');
      const registered = await registration;
      if (registered === null) throw codeError('push-failed');
      // One for another relay's key stands in the way.
      await (await subscription())?.unsubscribe();
      try {
        const options = { userVisibleOnly: true, applicationServerKey: Uint8Array.from(relayKey) };
        return (await registered.pushManager.subscribe(options)).endpoint;
      } catch (error) {
        throw codeError('push-failed', error);
      }
    },
    async unsubscribe() {
      await (await subscription())?.unsubscribe();
    },
  };
}
