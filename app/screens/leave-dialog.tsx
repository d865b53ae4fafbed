// The last question before everything that is kept here is erased.
import { Button } from '../look/button.tsx';
import { Dialog } from '../look/dialog.tsx';
import { TroubleNotice } from '../look/notice.tsx';
import { words } from '../words/words.ts';
import { useAct, useModel } from './model.ts';

export function LeaveDialog({ onClose }: { onClose: () => void }) {
  const t = words();
  const { actions } = useModel();
  const act = useAct();
  return (
    <Dialog title={t.settings.leaveTitle} onClose={onClose}>
      <p>{t.settings.leaveLead}</p>
      <p>{t.settings.leaveOnly}</p>
      <TroubleNotice code={act.code} />
      <div class="row end">
        <Button onPress={onClose}>{t.common.cancel}</Button>
        <Button kind="danger" icon="bin" isBusy={act.isBusy} onPress={() => void act.run(actions.leave)}>
          {t.settings.leaveDo}
        </Button>
      </div>
    </Dialog>
  );
}
