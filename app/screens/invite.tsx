// Inviting somebody: a square code and a link, then six words on both screens.
import { useEffect, useState } from 'preact/hooks';
import { Button, LinkButton } from '../look/button.tsx';
import { Choice } from '../look/field.tsx';
import { TroubleNotice } from '../look/notice.tsx';
import { SquareCode } from '../look/square-code.tsx';
import type { Invitation } from '../model.ts';
import { whenOf } from '../words/format.ts';
import { words } from '../words/words.ts';
import { Compare } from './compare.tsx';
import { useAct, useModel } from './model.ts';
import { Page } from './page.tsx';

export function Invite() {
  const t = words();
  const { state, actions } = useModel();
  const invitation = state.invitation.value;
  const joining = state.joining.value;
  const isMeeting = joining !== null && joining.side === 'adult' && joining.step !== 'waiting';
  const isOver = isMeeting && (joining.step === 'done' || joining.step === 'failed');
  const act = useAct();
  const [whom, setWhom] = useState<'other' | 'mine'>('other');
  const invite = (chosen = whom) => void act.run(() => actions.invite({ isMyPhone: chosen === 'mine' }));
  useEffect(() => {
    // Whoever was let in the last time is no news to who comes again.
    if (isOver || (invitation === null && !isMeeting)) invite();
    // Once, on coming here: afterwards a person asks.
  }, []);
  if (isMeeting) {
    const title = joining.step === 'words' ? t.join.wordsTitle : t.family.invite;
    return (
      <Page title={title} back="#/family" isNarrow>
        <Compare joining={joining} />
        {isOver && (
          <div class="row">
            <LinkButton to="#/family" kind="main">
              {t.family.title}
            </LinkButton>
            <Button icon="plus" isBusy={act.isBusy} onPress={() => invite()}>
              {t.family.makeInvite}
            </Button>
          </div>
        )}
      </Page>
    );
  }
  return (
    <Page title={t.family.invite} lead={t.family.inviteLead} back="#/family" isNarrow>
      <Choice
        legend={t.family.inviteWhom}
        value={whom}
        onChange={(chosen) => {
          setWhom(chosen);
          invite(chosen);
        }}
        options={[
          { value: 'other', label: t.family.inviteOther },
          { value: 'mine', label: t.family.inviteMine, help: t.family.inviteMineHelp },
        ]}
      />
      <TroubleNotice code={act.code} />
      {invitation === null ? (
        <Button kind="main" icon="plus" isBusy={act.isBusy} onPress={() => invite()}>
          {t.family.makeInvite}
        </Button>
      ) : (
        <Offer invitation={invitation} />
      )}
    </Page>
  );
}

function Offer({ invitation }: { invitation: Invitation }) {
  const t = words();
  const { actions } = useModel();
  const stop = useAct();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(invitation.link);
    setCopied(true);
  };
  const share = () =>
    // Whoever closes the sheet has changed their mind: no failure.
    navigator.share({ text: t.family.shareText, url: invitation.link }).catch(() => {});
  return (
    <div class="offer">
      <SquareCode text={invitation.link} label={t.family.inviteLead} />
      <p class="lead">{t.family.inviteUntil(whenOf(invitation.expiresAt))}</p>
      <div class="row fill">
        {typeof navigator.share === 'function' && (
          <Button kind="main" icon="share" onPress={() => void share()}>
            {t.common.share}
          </Button>
        )}
        <Button icon={isCopied ? 'check' : 'copy'} onPress={() => void stop.run(copy)}>
          {isCopied ? t.common.copied : t.common.copy}
        </Button>
        <Button kind="quiet" icon="cross" onPress={() => void stop.run(actions.stopInviting)}>
          {t.family.stopInviting}
        </Button>
      </div>
      <p role="status" class="lead">
        {t.join.waitingAdult}
      </p>
      <TroubleNotice code={stop.code} />
    </div>
  );
}
