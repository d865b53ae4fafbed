// One person: name, picture, rights, devices, and the way out.
import { useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import type { Person } from '../model.ts';
import { words } from '../words/words.ts';
import { DeviceRow } from './family.tsx';
import { useIsAdult } from './model.ts';
import { Page } from './page.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { ChoosePicture, Rename } from './rename.tsx';
import { goTo } from './route.ts';

export function PersonScreen({ person }: { person: Person }) {
  const t = words().family;
  const isAdult = useIsAdult();
  const [isRemoving, setRemoving] = useState(false);
  const mayChange = isAdult || person.isMe;
  return (
    <Page title={person.name} lead={t[person.role]} back="#/family" isNarrow>
      {mayChange && (
        <section class="card">
          <ChoosePicture
            subject={{ kind: 'person', id: person.id }}
            name={person.name}
            picture={person.picture}
          />
          <Rename subject={{ kind: 'person', id: person.id }} name={person.name} />
        </section>
      )}
      <section class="card">
        <h2>{t.devices}</h2>
        <ul class="list">
          {person.devices.map((device) => (
            <DeviceRow key={device.id} device={device} />
          ))}
        </ul>
      </section>
      {isAdult && !person.isMe && (
        <Button kind="danger" icon="bin" onPress={() => setRemoving(true)}>
          {t.remove(person.name)}
        </Button>
      )}
      {isRemoving && (
        <RemoveDialog
          title={t.removeTitle(person.name)}
          lead={t.removeLead}
          act={t.remove(person.name)}
          ids={person.devices.map(({ id }) => id)}
          onClose={() => setRemoving(false)}
          onDone={() => goTo('#/family', true)}
        />
      )}
    </Page>
  );
}
