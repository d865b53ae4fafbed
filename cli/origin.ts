// The address of a relay, as it is typed.
import { CommandError } from './failure.ts';

/** The address of a relay without a path. */
export function originOf(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CommandError(`${url} is no address of a relay`, 'It looks like https://relay.example.');
  }
  return new URL(url).origin;
}
