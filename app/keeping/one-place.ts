// One running Pawpost a browser: two that wrote the same sequence numbers would make a relay and a toy distrust the device.

const NAME = 'pawpost/running';

/** Takes the place; null where another page has it. The result gives it back. `locks`: null in a browser without Web Locks. */
export function takePlace(locks: LockManager | null): Promise<(() => void) | null> {
  if (locks === null) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    locks
      .request(NAME, { ifAvailable: true }, (lock) => {
        if (lock === null) return resolve(null);
        // The lock is held until this promise resolves.
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });
}
