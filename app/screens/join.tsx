// Joining a family with a link or a code.
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../look/button.tsx';
import { Choice, Field } from '../look/field.tsx';
import { Notice, TroubleNotice } from '../look/notice.tsx';
import { EnvelopePicture } from '../look/things.tsx';
import { words } from '../words/words.ts';
import { failureOf } from './compare.tsx';
import { useAct, useModel } from './model.ts';
import { Page } from './page.tsx';
import { invitationLink } from './route.ts';
import { ScanOrType } from './scan-or-type.tsx';

/** Shorter texts are still being typed. */
const ENOUGH = 60;

export function Join() {
  const t = words();
  const { state, actions } = useModel();
  const link = invitationLink.value;
  const [name, setName] = useState('');
  const [role, setRole] = useState<'adult' | 'relative'>('relative');
  const join = useAct();
  const isMyPhone = useIsForMyPhone(link);

  if (link === null) {
    return (
      <Page title={t.join.title} lead={t.join.lead} back="#/" hasOwnFocus={!state.abilities.camera} isNarrow>
        {!state.abilities.camera && <EnvelopePicture />}
        <ScanOrType
          label={t.join.link}
          enough={ENOUGH}
          onText={(text) => {
            invitationLink.value = text.trim();
          }}
        />
      </Page>
    );
  }
  const failure = join.code ?? failureOf(state.joining.value);
  return (
    <Page title={t.join.title} back="#/" hasOwnFocus isNarrow>
      <Notice kind="good">{isMyPhone ? t.join.haveMyLink : t.join.haveLink}</Notice>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') void join.run(() => actions.join(link, name.trim(), role));
        }}
      >
        <Field
          label={isMyPhone ? t.join.phoneName : t.common.yourName}
          placeholder={isMyPhone ? '' : t.welcome.namePlaceholder}
          value={name}
          onInput={setName}
          autocomplete={isMyPhone ? 'off' : 'name'}
          maxLength={40}
          isRequired
          hasFocus
        />
        {!isMyPhone && (
          <Choice
            legend={t.join.role}
            value={role}
            onChange={setRole}
            options={[
              { value: 'relative', label: t.join.relative, help: t.join.relativeHelp },
              { value: 'adult', label: t.join.adult, help: t.join.adultHelp },
            ]}
          />
        )}
        <Button kind="main" isSubmit isWide isBusy={join.isBusy}>
          {t.join.join}
        </Button>
        <TroubleNotice code={join.isBusy ? null : failure} />
        {failure !== null && (
          <Button
            kind="quiet"
            icon="camera"
            onPress={() => {
              join.forget();
              invitationLink.value = null;
            }}
          >
            {t.join.link}
          </Button>
        )}
      </form>
    </Page>
  );
}

/** True if the invitation is for another phone of whoever made it, who has a name and a role already. */
function useIsForMyPhone(link: string | null): boolean {
  const [isMine, setMine] = useState(false);
  useEffect(() => {
    setMine(false);
    if (link === null) return;
    void import('#protocol/family/invitation-text.ts')
      .then(({ readInvitationText }) => setMine(readInvitationText(link).invitation.person !== undefined))
      // What is no invitation is said when it is used.
      .catch(() => {});
  }, [link]);
  return isMine;
}
