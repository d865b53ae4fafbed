// One phone or bridge: its name, and one tap to put it out when it is lost or stolen.
import { useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { Notice } from '../look/notice.tsx';
import type { FamilyDevice } from '../model.ts';
import { whenOf } from '../words/format.ts';
import { words } from '../words/words.ts';
import { useIsAdult } from './model.ts';
import { Page } from './page.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { Rename } from './rename.tsx';
import { goTo } from './route.ts';

export function DeviceScreen({ device }: { device: FamilyDevice }) {
  const t = words().family;
  const isAdult = useIsAdult();
  const [isLost, setLost] = useState(false);
  const heard = device.lastHeardAt === null ? t.neverHeard : t.heardAt(whenOf(device.lastHeardAt));
  return (
    <Page title={device.name} lead={device.isThis ? t.thisDevice : heard} back="#/family" isNarrow>
      {isAdult && (
        <section class="card">
          <Rename subject={{ kind: 'device', id: device.id }} name={device.name} />
        </section>
      )}
      {isAdult && !device.isThis && (
        <section class="card">
          <h2>{t.lost}</h2>
          <Notice icon="shield">{t.leadDevice}</Notice>
          <Button kind="danger" icon="warn" onPress={() => setLost(true)}>
            {t.lost}
          </Button>
        </section>
      )}
      {isLost && (
        <RemoveDialog
          title={t.lostTitle(device.name)}
          lead={device.kind === 'bridge' ? t.lostBridge : t.lostPhone}
          act={t.lostDo}
          ids={[device.id]}
          onClose={() => setLost(false)}
          onDone={() => goTo('#/family', true)}
        />
      )}
    </Page>
  );
}
