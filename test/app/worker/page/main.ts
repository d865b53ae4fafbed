// A page over the app's service worker and vault, for a test in a real browser.
import { openDatabase } from '#app/keeping/database.ts';
import { createPasskey } from '#app/keeping/passkey.ts';
import { createVault } from '#app/keeping/vault.ts';
import { startWorker } from '#app/worker/page.ts';
import { createKeys } from '#bridge/keys.ts';
import { ROLE_ADULT } from '#protocol/family/member.ts';

const show = (id: string, text: string) => {
  document.getElementById(id)!.textContent = text;
};
const worker = startWorker(navigator.serviceWorker, PAWPOST_VERSION);
worker.releases.watch((hash, hasUpdate) => show('releases', `${hash} ${hasUpdate}`));
worker.releases.onRefusal((code) => show('refusals', code));
worker.setNotice('Pawpost', 'Der er noget');

const passkey = createPasskey(navigator.credentials);
const vault = createVault(await openDatabase(), passkey);
const vaultNow = createVault(await openDatabase(), passkey);

function onClick(id: string, action: () => Promise<string>): void {
  document.getElementById(id)!.addEventListener('click', () => {
    show('vault', 'busy');
    action().then(
      (text) => show('vault', text),
      (error) => show('vault', String(error)),
    );
  });
}
onClick('lock', async () => {
  const identity = {
    keys: createKeys(ROLE_ADULT),
    relay: 'https://relay.example',
    familyId: new Uint8Array(16),
    joining: null,
  };
  await vault.keep(identity);
  await vault.setLock(true);
  return `${await vault.look()} ${identity.keys.signSeed}`;
});
onClick('unlock', async () => `opened ${(await vaultNow.open()).keys.signSeed}`);

Object.assign(globalThis, { pawpost: worker });
