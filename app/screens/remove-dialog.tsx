// Taking somebody or something out of the family; where the rules ask for it, with the recovery kit.
import { useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { Dialog } from '../look/dialog.tsx';
import { Field } from '../look/field.tsx';
import { TroubleNotice } from '../look/notice.tsx';
import { words } from '../words/words.ts';
import { useAct, useModel } from './model.ts';

/** Says that an adult alone may not: the root or a second adult must. */
const NEEDS_KIT = 'roster-right';

export function RemoveDialog(props: {
  title: string;
  lead: string;
  /** On the button. */
  act: string;
  ids: string[];
  onClose: () => void;
  onDone: () => void;
}) {
  const t = words();
  const { actions } = useModel();
  const [kit, setKit] = useState('');
  const [isKitAsked, setKitAsked] = useState(false);
  const act = useAct();
  const remove = async () => {
    const isGone = await act.run(async () => {
      try {
        await (kit.trim() === '' ? actions.remove(props.ids) : actions.remove(props.ids, kit.trim()));
      } catch (error) {
        if (!(error instanceof Error) || error.message !== NEEDS_KIT || isKitAsked) throw error;
        setKitAsked(true);
        throw error;
      }
    });
    if (isGone) {
      props.onClose();
      props.onDone();
    }
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p>{props.lead}</p>
      {isKitAsked && (
        <>
          <p>{t.family.askKit}</p>
          <Field label={t.recover.words} value={kit} onInput={setKit} isLong isCode hasFocus />
        </>
      )}
      <TroubleNotice code={act.code === NEEDS_KIT && isKitAsked ? null : act.code} />
      <div class="row end">
        <Button onPress={props.onClose}>{t.common.cancel}</Button>
        <Button
          kind="danger"
          icon="bin"
          isBusy={act.isBusy}
          onPress={() => {
            void remove();
          }}
        >
          {props.act}
        </Button>
      </div>
    </Dialog>
  );
}
