// Back into one's family with the recovery kit, and the lost phones out of it.
import { useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { TroubleNotice } from '../look/notice.tsx';
import { SheetPicture } from '../look/things.tsx';
import { words } from '../words/words.ts';
import { useAct, useModel } from './model.ts';
import { Page } from './page.tsx';
import { ScanOrType } from './scan-or-type.tsx';

/** 24 words of at least three letters. */
const ENOUGH = 24 * 4 - 1;

export function Recover() {
  const t = words();
  const { state, actions } = useModel();
  const [kit, setKit] = useState('');
  const [phones, setPhones] = useState<string[] | null>(null);
  const [lost, setLost] = useState<string[]>([]);
  const [name, setName] = useState('');
  const lookUp = useAct();
  const recover = useAct();

  const look = (text: string) => {
    const isWhole = text.trim().split(/\s+/).length >= 24 || !/\s/.test(text.trim());
    if (!isWhole || lookUp.isBusy) return;
    void lookUp.run(async () => {
      const adults = (await actions.lookUpKit(text.trim())).map(({ deviceId }) => deviceId);
      const isStopped = state.stage.value === 'forked';
      // A phone that goes on as itself is not lost.
      const devices = state.people.value.flatMap((person) => person.devices);
      const mine = isStopped ? devices.find(({ isThis }) => isThis)?.id : undefined;
      const found = adults.filter((id) => id !== mine);
      setKit(text.trim());
      setPhones(found);
      // Whoever takes out the kit has lost all of them, as a rule; not so where the relay has lied.
      setLost(isStopped ? [] : found);
    });
  };
  if (phones === null) {
    return (
      <Page
        title={t.recover.title}
        lead={t.recover.lead}
        back="#/"
        hasOwnFocus={!state.abilities.camera}
        isNarrow
      >
        {!state.abilities.camera && <SheetPicture />}
        <ScanOrType label={t.recover.words} enough={ENOUGH} onText={look} isLong />
        {lookUp.isBusy && <p role="status">{t.common.working}</p>}
        <TroubleNotice code={lookUp.code} />
      </Page>
    );
  }
  return (
    <Page title={t.recover.title} back="#/" hasOwnFocus isNarrow>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const all = lost.length === phones.length ? null : lost;
          if (name.trim() !== '') void recover.run(() => actions.recover(kit, name.trim(), all));
        }}
      >
        <Field
          label={t.common.yourName}
          placeholder={t.welcome.namePlaceholder}
          value={name}
          onInput={setName}
          autocomplete="name"
          maxLength={40}
          isRequired
          hasFocus
        />
        {phones.length === 0 ? (
          <p class="lead">{t.recover.none}</p>
        ) : (
          <fieldset class="choice">
            <legend>{t.recover.which}</legend>
            <p class="lead">{t.recover.whichLead}</p>
            {phones.map((id, i) => (
              <label key={id}>
                <input
                  type="checkbox"
                  checked={lost.includes(id)}
                  onChange={({ currentTarget: { checked } }) =>
                    setLost(checked ? [...lost, id] : lost.filter((other) => other !== id))
                  }
                />
                <span>
                  <strong>{t.recover.phone(i + 1)}</strong>
                  <small class="id">{id.slice(0, 8)}</small>
                </span>
              </label>
            ))}
          </fieldset>
        )}
        <Button kind="main" isSubmit isWide isBusy={recover.isBusy}>
          {t.recover.go}
        </Button>
        <TroubleNotice code={recover.code} />
      </form>
    </Page>
  );
}
