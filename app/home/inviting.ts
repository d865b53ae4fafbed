// The adult's side of an invitation: a link, then the words on both screens, then the signature.
import {
  admitNewcomer,
  awaitNewcomer,
  closeInvitation,
  type Newcomer,
  type OpenInvitation,
  openInvitation,
} from '#bridge/joining.ts';
import { invitationText } from '#protocol/family/invitation-text.ts';
import { ROLE_ADULT, ROLE_BRIDGE } from '#protocol/family/member.ts';
import type { Actions, Joining } from '../model.ts';
import { codeError, codeOf } from './codes.ts';
import type { Platform } from './platform.ts';
import type { Running } from './running.ts';
import type { Signals } from './signals.ts';

export type Inviting = Pick<Actions, 'invite' | 'stopInviting'> & {
  /** This adult says whether the words are the same. False: nobody has asked. */
  confirmWords(areSame: boolean): Promise<boolean>;
};

const FIRST: Joining = { side: 'adult', step: 'waiting', name: null, role: null, words: [], code: null };

export function createInviting(
  platform: Pick<Platform, 'address'>,
  signals: Signals,
  running: Running,
  relayOf: () => string,
): Inviting {
  let open: { invitation: OpenInvitation; stop: AbortController } | null = null;
  let asking: Newcomer | null = null;

  function tell(change: Partial<Joining>): void {
    signals.joining.value = { ...(signals.joining.value ?? FIRST), ...change };
  }

  async function wait(invitation: OpenInvitation, stop: AbortController): Promise<void> {
    try {
      asking = await awaitNewcomer(running.device(), invitation, stop.signal);
      const { member, name, words } = asking;
      tell({ step: 'words', name, role: roleOf(member.role), words });
    } catch (error) {
      if (stop.signal.aborted) return;
      signals.invitation.value = null;
      open = null;
      tell({ step: 'failed', code: codeOf(error) });
    }
  }

  async function stopInviting(): Promise<void> {
    const closing = open;
    open = null;
    asking = null;
    signals.invitation.value = null;
    signals.joining.value = null;
    closing?.stop.abort();
    // It ends by itself after two days: that a relay is away now must not keep a person here.
    if (closing !== null) await closeInvitation(running.device(), closing.invitation).catch(() => {});
  }

  return {
    async invite({ isMyPhone } = { isMyPhone: false }) {
      if (open !== null) await stopInviting();
      const device = running.device();
      const { person } = device.member;
      const invitation = await openInvitation(device, isMyPhone && person !== null ? { person } : {});
      const stop = new AbortController();
      open = { invitation, stop };
      const text = invitationText(invitation.invitation, relayOf());
      signals.invitation.value = {
        link: `${platform.address}#join=${text}`,
        expiresAt: invitation.expiresAt,
      };
      signals.joining.value = null;
      void wait(invitation, stop);
    },
    stopInviting,
    async confirmWords(areSame) {
      const [newcomer, invitation] = [asking, open?.invitation];
      if (newcomer === null || invitation === undefined) return false;
      if (!areSame) {
        await stopInviting();
        tell({ step: 'failed', code: 'words-differ' });
        return true;
      }
      tell({ step: 'admitting' });
      try {
        await admitNewcomer(running.device(), invitation, newcomer);
        tell({ step: 'done' });
      } catch (error) {
        tell({ step: 'failed', code: codeOf(error) });
        throw codeError(codeOf(error), error);
      } finally {
        open = null;
        asking = null;
        signals.invitation.value = null;
      }
      running.wake();
      await running.refresh();
      return true;
    },
  };
}

function roleOf(role: number): Joining['role'] {
  if (role === ROLE_BRIDGE) return 'bridge';
  return role === ROLE_ADULT ? 'adult' : 'relative';
}
