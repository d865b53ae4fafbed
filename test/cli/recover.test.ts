// The recovery kit at the command line: a lost phone is put out, and a device that is there already goes on as itself.
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { done, endAll, run, start } from './command.ts';
import { createHouse, type House } from './house.ts';

let house: House;
let words: string;
beforeAll(async () => {
  house = await createHouse();
  words = house.created
    .match(/^ {2}([a-z]+ ?){6}$/gm)!
    .join(' ')
    .trim()
    .replace(/ +/g, ' ');
  await house.letIn('device', 'grandma', '--role', 'relative');
});
afterAll(async () => {
  endAll();
  await house.remove();
});

interface Shown {
  entries: number;
  members: { id: string; role: string; isThisDevice: boolean }[];
}
const show = async (home: string): Promise<Shown> =>
  JSON.parse(await done(['family', 'show', '--home', house.path(home), '--json']));
const recover = (home: string, ...rest: string[]) =>
  ['family', 'recover', '--home', house.path(home), '--relay', house.url, ...rest] as const;

describe.sequential('family recover', () => {
  it('asks for the kit and for the lost phones, and takes their place', async () => {
    const before = await show('adult');
    const lost = before.members.find(({ isThisDevice }) => isThisDevice)!.id;
    const asking = start(recover('phone'));
    asking.type(words);
    await asking.says(new RegExp(`^ {2}${lost}$`, 'm'));
    asking.type(lost.slice(0, 6));
    const { code, out, err } = await asking.ended;
    expect(`${code} ${err.split('\n').length}`).toMatch(/^0 /);
    expect(out).toContain('1 phones are out');
    const after = await show('phone');
    expect(after.members.map(({ role }) => role).sort()).toEqual(['adult', 'relative']);
    expect(after.members.some(({ id }) => id === lost)).toBe(false);
    const refused = await run(['device', 'inbox', '--home', house.path('adult')]);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('put this device out');
    await done(['device', 'inbox', '--home', house.path('grandma')]);
  });

  it('lets a device that is in the family go on as itself, from a file', async () => {
    writeFileSync(house.path('kit.txt'), `${words}\n`);
    const before = await show('phone');
    const out = await done(recover('phone', '--kit', house.path('kit.txt'), '--lost', 'none'));
    expect(out).toContain('0 phones are out');
    const after = await show('phone');
    expect(after.members).toEqual(before.members);
    expect(after.entries).toBe(before.entries + 1);
  });

  it('changes nothing where the kit, a phone or the home is wrong', async () => {
    const { entries } = await show('phone');
    writeFileSync(house.path('wrong.txt'), words.replace(/^\S+/, 'zoo'));
    const kit = ['--kit', house.path('kit.txt')];
    const cases: [string[], RegExp][] = [
      [[...recover('other', '--kit', house.path('wrong.txt'))], /that is no recovery kit/],
      [[...recover('other', '--kit', house.path('none.txt'))], /there is no file/],
      [[...recover('other', ...kit, '--lost', 'ffffffff')], /no phone has the id/],
      [[...recover('grandma', ...kit, '--lost', 'none')], /key file: exists/],
      [['family', 'recover', '--home', house.path('other'), ...kit], /which relay/],
    ];
    for (const [command, what] of cases) {
      const ended = await run(command);
      expect(ended.err).toMatch(/^pawpost: .+\n {9}\S.+\n$/);
      expect(ended.err).toMatch(what);
      expect(ended.code).toBe(1);
      expect(ended.out + ended.err).not.toContain(words.split(' ')[1]!);
    }
    expect((await show('phone')).entries).toBe(entries);
  });
});
