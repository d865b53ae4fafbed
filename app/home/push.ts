// Being knocked at by the relay, through the browser's push service, which learns that something came and nothing else.
import type { Actions } from '../model.ts';
import { codeError } from './codes.ts';
import type { Platform } from './platform.ts';
import type { Running } from './running.ts';
import type { Signals } from './signals.ts';

export type PushSwitch = Pick<Actions, 'setPush'> & {
  /** After a start: the relay learns the address anew, which the push service may have changed. */
  renew(): Promise<void>;
  /** Host of the push service; null: none. */
  readonly host: string | null;
};

export function createPushSwitch(platform: Platform, signals: Signals, running: Running): PushSwitch {
  const { push } = platform;
  let host: string | null = null;

  function show(endpoint: string | null): void {
    host = endpoint === null ? null : new URL(endpoint).host;
    signals.isPushOn.value = endpoint !== null;
  }

  return {
    async setPush(isOn) {
      if (push === null) throw codeError('push-failed');
      const { mailbox } = running.device();
      if (isOn) {
        const endpoint = await push.subscribe(await mailbox.pushKey());
        await mailbox.putPush(endpoint);
        show(endpoint);
      } else {
        await mailbox.putPush(null);
        await push.unsubscribe();
        show(null);
      }
    },
    async renew() {
      const endpoint = (await push?.endpoint()) ?? null;
      show(endpoint);
      // Without a network the next start does it.
      if (endpoint !== null)
        await running
          .device()
          .mailbox.putPush(endpoint)
          .catch(() => {});
    },
    get host() {
      return host;
    },
  };
}
