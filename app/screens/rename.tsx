// Name and picture of a person or a toy.
import { useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { TroubleNotice } from '../look/notice.tsx';
import { Picture } from '../look/picture.tsx';
import { words } from '../words/words.ts';
import { useAct, useModel } from './model.ts';

export function Rename(props: { subject: { kind: 'person' | 'toy' | 'device'; id: string }; name: string }) {
  const t = words();
  const { actions } = useModel();
  const [name, setName] = useState(props.name);
  const act = useAct();
  const isChanged = name.trim() !== props.name && name.trim() !== '';
  return (
    <form
      class="rename"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) void act.run(() => actions.rename(props.subject, name.trim()));
      }}
    >
      <Field label={t.toySettings.name} value={name} onInput={setName} maxLength={40} isRequired />
      <Button isSubmit isBusy={act.isBusy} isDisabled={!isChanged}>
        {t.common.save}
      </Button>
      <TroubleNotice code={act.code} />
    </form>
  );
}

export function ChoosePicture(props: {
  subject: { kind: 'person' | 'toy'; id: string };
  name: string;
  picture: string | null;
}) {
  const { subject, name, picture } = props;
  const t = words().family;
  const { actions } = useModel();
  const act = useAct();
  return (
    <div class="choose-picture">
      <Picture id={subject.id} name={name} picture={picture} isToy={subject.kind === 'toy'} />
      <div class="stack">
        <div class="row">
          <label class="button plain file">
            <input
              type="file"
              accept="image/*"
              disabled={act.isBusy}
              onChange={({ currentTarget }) => {
                const file = currentTarget.files?.[0];
                if (file) void act.run(() => actions.setPicture(subject, file));
                currentTarget.value = '';
              }}
            />
            <span>{t.picture}</span>
          </label>
          {picture !== null && (
            <Button
              kind="quiet"
              isBusy={act.isBusy}
              onPress={() => void act.run(() => actions.setPicture(subject, null))}
            >
              {t.noPicture}
            </Button>
          )}
        </div>
        <p class="lead">{t.pictureLead}</p>
      </div>
      <TroubleNotice code={act.code} />
    </div>
  );
}
