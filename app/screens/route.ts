// Which screen the address asks for: `#/toy/<id>/settings` is ['toy', id, 'settings']. The back button works; secrets never stay here.
import { signal } from '@preact/signals';

export const route = signal<string[]>([]);

/** The invitation that the address held when the app was opened; a link as it was. */
export const invitationLink = signal<string | null>(null);

/** Follows the address from now on. A secret in it is taken out before anything else can see it. */
export function followAddress(): () => void {
  const look = () => {
    takeInvitation();
    route.value = partsOf(location.hash);
  };
  look();
  addEventListener('hashchange', look);
  return () => removeEventListener('hashchange', look);
}

/** To another screen; `isReplacing` leaves no way back to this one. */
export function goTo(hash: `#/${string}`, isReplacing = false): void {
  if (isReplacing) history.replaceState(null, '', hash);
  else history.pushState(null, '', hash);
  route.value = partsOf(hash);
}

/** Whatever follows `#` and is no screen's name is an invitation's secret: `#/join/<secret>`, `#join=<secret>`, `#<secret>`. */
function takeInvitation(): void {
  const { hash } = location;
  const isScreen = hash === '' || (hash.startsWith('#/') && !hash.startsWith('#/join/'));
  if (isScreen) return;
  invitationLink.value = location.href;
  history.replaceState(null, '', '#/join');
}

function partsOf(hash: string): string[] {
  return hash
    .replace(/^#\//, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
