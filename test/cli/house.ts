// A relay and a family made by the command line alone, in a folder that goes away.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, type Running, start } from './command.ts';

export interface House {
  /** A path inside the house's folder. */
  path(name: string): string;
  /** Address of the relay, which runs. */
  url: string;
  relay: Running;
  /** What "family create" printed. */
  created: string;
  /** Lets a newcomer in; both say the same words, which are given. */
  letIn(command: 'device' | 'bridge', home: string, ...options: string[]): Promise<string>;
  remove(): Promise<void>;
}

const WORDS = /^words:( [a-z]+){6}$/m;

/** A relay, and a family whose first adult's home is `adult`. */
export async function createHouse(): Promise<House> {
  const directory = mkdtempSync(join(tmpdir(), 'pawpost-cli-'));
  const path = (name: string) => join(directory, name);
  const relay = start(['relay', 'serve', '--data', path('relay'), '--port', '0']);
  const [, url] = await relay.says(/^relay at (http:\S+)$/m);
  const created = await done(['family', 'create', '--home', path('adult'), '--relay', url!]);
  const house: House = {
    path,
    url: url!,
    relay,
    created,
    async letIn(command, home, ...options) {
      const inviting = start(['family', 'invite', '--home', path('adult'), '--yes']);
      const [invitation] = await inviting.says(/^\S+~\S+$/m);
      const joining = start([command, 'join', invitation, '--home', path(home), ...options]);
      const [[words], [shown]] = await Promise.all([inviting.says(WORDS), joining.says(WORDS)]);
      const ends = await Promise.all([inviting.ended, joining.ended]);
      if (words !== shown || ends.some(({ code }) => code !== 0))
        throw new Error(`nobody joined\n${inviting.out}${inviting.err}\n${joining.out}${joining.err}`);
      return shown;
    },
    async remove() {
      await house.relay.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return house;
}
