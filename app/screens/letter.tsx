// One message: who, when, its voice to play, how far it has come, and what may be done with it.
import { useState } from 'preact/hooks';
import { Button, IconButton } from '../look/button.tsx';
import { Dialog } from '../look/dialog.tsx';
import { Icon, type IconName } from '../look/icons.tsx';
import { TroubleNotice } from '../look/notice.tsx';
import { Picture } from '../look/picture.tsx';
import type { Letter, Progress, Toy } from '../model.ts';
import { atOf, timeOf, whenOf } from '../words/format.ts';
import { words } from '../words/words.ts';
import { useAct, useModel } from './model.ts';
import { closePlayer, playing } from './playing.ts';
import { saveFile } from './save-file.ts';
import { Sound } from './sound-bar.tsx';

const PROGRESS_ICONS: Record<Progress, IconName> = {
  waiting: 'clock',
  sent: 'send',
  approval: 'shield',
  rejected: 'cross',
  toy: 'heart',
  heard: 'check',
  refused: 'warn',
};

export function LetterBubble({ letter, toy }: { letter: Letter; toy: Toy }) {
  const t = words();
  const [isOpen, setOpen] = useState(false);
  const sender = useSender(letter, toy);
  const isNew = !letter.isHeard && !letter.isMine;
  return (
    <li class={`letter ${letter.isMine ? 'mine' : 'theirs'}${isNew ? ' fresh' : ''}`}>
      {!letter.isMine && <Picture {...sender} />}
      <div class="bubble">
        <div class="letter-head">
          <strong>{sender.name}</strong>
          {isNew && <span class="badge">{t.letters.fresh}</span>}
          {letter.isKept && (
            <span class="kept">
              <Icon name="keep" />
              {t.letters.kept}
            </span>
          )}
          <time dateTime={new Date(letter.sentAt * 1000).toISOString()}>{timeOf(letter.sentAt)}</time>
          <button
            type="button"
            class="icon-button more"
            title={t.letters.more}
            aria-label={t.letters.more}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name="more" />
          </button>
        </div>
        <Sound letter={letter} who={sender.name} />
        {letter.direction === 'to-toy' && <Way letter={letter} toy={toy} />}
        {letter.awaitsMe && <Approval letter={letter} />}
        {isOpen && <Acts letter={letter} />}
      </div>
    </li>
  );
}

function useSender(letter: Letter, toy: Toy) {
  const people = useModel().state.people.value;
  const t = words().common;
  if (letter.direction === 'from-toy') {
    return { id: toy.id, name: toy.name, picture: toy.picture, isToy: true };
  }
  const person = people.find(({ id }) => id === letter.personId);
  // Never the child: somebody who has left since is nobody's toy.
  if (person === undefined) return { id: letter.personId ?? letter.id, name: t.unknown, picture: null };
  return { id: person.id, name: person.isMe ? t.you(person.name) : person.name, picture: person.picture };
}

function Way({ letter, toy }: { letter: Letter; toy: Toy }) {
  const { progress, progressAt, sentAt } = letter;
  const text = words().letters.progress[progress];
  return (
    <p class={`way ${progress}`}>
      <Icon name={PROGRESS_ICONS[progress]} />
      {text(toy.name, whenOf(progressAt ?? sentAt), atOf(progressAt ?? sentAt))}
    </p>
  );
}

function Approval({ letter }: { letter: Letter }) {
  const t = words().letters;
  const { actions } = useModel();
  const act = useAct();
  const decide = (isApproved: boolean) => void act.run(() => actions.approve(letter.id, isApproved));
  return (
    <div class="decision">
      <p>{t.approveLead}</p>
      <div class="row fill">
        <Button kind="main" icon="check" isBusy={act.isBusy} onPress={() => decide(true)}>
          {t.approve}
        </Button>
        <Button icon="cross" isDisabled={act.isBusy} onPress={() => decide(false)}>
          {t.reject}
        </Button>
      </div>
      <TroubleNotice code={act.code} />
    </div>
  );
}

function Acts({ letter }: { letter: Letter }) {
  const t = words();
  const { actions } = useModel();
  const act = useAct();
  const [isAsking, setAsking] = useState(false);
  const save = async () => {
    const ogg = await actions.ogg(letter.id);
    const day = new Date(letter.sentAt * 1000).toISOString().slice(0, 10);
    saveFile(`pawpost-${day}.opus`, new Blob([new Uint8Array(ogg)], { type: 'audio/ogg' }));
  };
  const erase = async () => {
    if (playing.peek()?.letterId === letter.id) closePlayer();
    await actions.erase(letter.id);
    setAsking(false);
  };
  return (
    <div class="acts">
      <IconButton
        icon="keep"
        label={letter.isKept ? t.letters.unkeep : t.letters.keep}
        isPressed={letter.isKept}
        onPress={() => void act.run(() => actions.keep(letter.id, !letter.isKept))}
      />
      <IconButton icon="save" label={t.letters.export} onPress={() => void act.run(save)} />
      <IconButton icon="bin" label={t.letters.erase} onPress={() => setAsking(true)} />
      <TroubleNotice code={act.code} />
      {isAsking && (
        <Dialog title={t.letters.eraseTitle} onClose={() => setAsking(false)}>
          <p>{t.letters.eraseLead}</p>
          <div class="row end">
            <Button onPress={() => setAsking(false)}>{t.common.cancel}</Button>
            <Button kind="danger" icon="bin" isBusy={act.isBusy} onPress={() => void act.run(erase)}>
              {t.letters.erase}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
