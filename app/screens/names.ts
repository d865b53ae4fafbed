// Everybody has a name: who was given none is called by what they are, in the language in use.
import { computed } from '@preact/signals';
import type { FamilyDevice, Model } from '../model.ts';
import { words } from '../words/words.ts';

/** The model with no name left empty. */
export function withNames(model: Model): Model {
  const { people, toys, bridges } = model.state;
  const named = <T extends { name: string }>(one: T, name: string): T =>
    one.name === '' ? { ...one, name } : one;
  const device = (one: FamilyDevice) => named(one, words().common.unnamed[one.kind]);
  return {
    ...model,
    state: {
      ...model.state,
      toys: computed(() => toys.value.map((toy) => named(toy, words().common.unnamed.toy))),
      people: computed(() =>
        people.value.map((person) =>
          named({ ...person, devices: person.devices.map(device) }, words().common.unnamed.person),
        ),
      ),
      bridges: computed(() => bridges.value.map(device)),
    },
  };
}
