// The strip at the bottom: what thieves would hold by now, in plain words.
import type { ThiefLoot } from '../wire.ts';

const WHO: Record<ThiefLoot['place'], string> = {
  air: 'A thief with an antenna beside the toy',
  relay: 'A thief who has copied the whole relay',
};

export function showThieves(list: HTMLElement, loot: readonly ThiefLoot[]): void {
  list.replaceChildren(
    ...loot.map(({ place, bytes, pieces }) => {
      const item = document.createElement('li');
      const who = document.createElement('strong');
      who.textContent = WHO[place];
      item.append(who, ` holds ${bytes.toLocaleString()} bytes. ${describe(pieces)}`);
      item.dataset.found = String(pieces?.found ?? 0);
      return item;
    }),
  );
}

function describe(pieces: ThiefLoot['pieces']): string {
  if (pieces === null) return 'No voice has been sent yet.';
  const { found, sought } = pieces;
  if (found > 0) return `${found} of the last message’s ${sought} pieces of voice can be read in them!`;
  return `Of the last message’s ${sought} pieces of voice, none can be found in them.`;
}
