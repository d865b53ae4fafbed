// Two pages of one browser: the second says so, and may come in when the first has gone.
import { expect, it } from 'vitest';
import { takePlace } from '#app/keeping/one-place.ts';

/** Web Locks (https://w3c.github.io/web-locks/) for one name, asked with `ifAvailable`. */
function createLocks(): LockManager {
  let isHeld = false;
  return {
    async request(_name: string, _options: LockOptions, callback: LockGrantedCallback<unknown>) {
      if (isHeld) return callback(null);
      isHeld = true;
      try {
        return await callback({ name: 'pawpost/running', mode: 'exclusive' });
      } finally {
        isHeld = false;
      }
    },
  } as unknown as LockManager;
}

it('lets one page in at a time', async () => {
  const locks = createLocks();
  const release = await takePlace(locks);
  expect(release).not.toBeNull();
  expect(await takePlace(locks)).toBeNull();
  release!();
  await Promise.resolve();
  await new Promise(setImmediate);
  expect(await takePlace(locks)).not.toBeNull();
});

it('lets every page in where a browser has no locks', async () => {
  expect(await takePlace(null)).not.toBeNull();
});
