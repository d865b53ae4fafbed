// Bringing a toy home: consent, the tag, the held paw, four animals.
import { useEffect, useRef, useState } from 'preact/hooks';
import { AnimalPicture } from '../look/animals.tsx';
import { Bear } from '../look/bear.tsx';
import { Button } from '../look/button.tsx';
import { Notice, TroubleNotice } from '../look/notice.tsx';
import { TagPicture } from '../look/things.tsx';
import type { Pairing } from '../model.ts';
import { codeOf } from '../words/troubles.ts';
import { sentence, words } from '../words/words.ts';
import { Patience } from './compare.tsx';
import { Consent } from './consent.tsx';
import { type Act, useAct, useModel } from './model.ts';
import { Page } from './page.tsx';
import { goTo } from './route.ts';
import { ScanOrType } from './scan-or-type.tsx';

/** A tag without its prefix; shorter texts are still being typed. */
const TAG_CHARACTERS = 55;

export function Pair() {
  const { state, actions } = useModel();
  const pairing = state.pairing.value;
  const act = useAct();
  const isOver = useRef(false);

  useEffect(() => {
    if (pairing?.step !== 'done' || pairing.toyId === null || isOver.current) return;
    isOver.current = true;
    void actions.stopPairing();
    goTo(`#/toy/${pairing.toyId}`, true);
  }, [pairing, actions]);
  // Whoever goes back in the middle of it stops it.
  useEffect(
    () => () => {
      if (!isOver.current && state.pairing.peek() !== null) void actions.stopPairing();
    },
    [state, actions],
  );

  if (pairing === null) {
    return (
      <>
        <Consent onAgree={() => void act.run(actions.startPairing)} />
        <TroubleNotice code={act.code} />
      </>
    );
  }
  return <Step pairing={pairing} act={act} />;
}

function Step({ pairing, act }: { pairing: Pairing; act: Act }) {
  const t = words().pair;
  switch (pairing.step) {
    case 'tag':
      return <Tag pairing={pairing} />;
    case 'search':
    case 'hold':
      return <Search pairing={pairing} act={act} />;
    case 'animals':
      return <Animals pairing={pairing} act={act} />;
    case 'storing':
    case 'done':
      return (
        <Page title={pairing.step === 'done' ? t.done : t.title} isNarrow>
          <Patience text={pairing.step === 'done' ? t.done : t.storing} />
        </Page>
      );
    case 'failed':
      return <Failed code={pairing.code ?? 'unknown'} act={act} />;
  }
}

/** The same screen may stay: then it begins again with the consent. */
function useWayBack(): () => void {
  const { actions } = useModel();
  return () => {
    void actions.stopPairing();
    goTo('#/');
  };
}

function Tag({ pairing }: { pairing: Pairing }) {
  const t = words().pair;
  const { state, actions } = useModel();
  const back = useWayBack();
  const [isWrong, setWrong] = useState(false);
  const [code, setCode] = useState<string | null>(null);
  const slip = sentence('tag-checksum');
  const wrong = pairing.code === 'tag-checksum' ? `${slip.what} ${slip.todo}` : t.notTag;
  const give = async (text: string) => {
    setCode(null);
    try {
      setWrong(!(await actions.giveTag(text.trim())));
    } catch (error) {
      setCode(codeOf(error));
    }
  };
  return (
    <Page title={t.tagTitle} lead={t.tagLead} back={back} hasOwnFocus={!state.abilities.camera} isNarrow>
      {!state.abilities.camera && <TagPicture />}
      <ScanOrType
        label={t.tag}
        enough={TAG_CHARACTERS}
        wrong={isWrong ? wrong : null}
        onText={(text) => {
          void give(text);
        }}
      />
      <TroubleNotice code={code} />
    </Page>
  );
}

function Search({ pairing, act }: { pairing: Pairing; act: Act }) {
  const t = words().pair;
  const { state, actions } = useModel();
  const back = useWayBack();
  const hasBridge = state.bridges.value.length > 0;
  const hasRadio = state.abilities.bluetooth;
  // Consent was given on the screen before.
  const search = (way: 'here' | 'bridge') => void act.run(() => actions.searchToy(way, { hasConsent: true }));
  return (
    <Page title={t.holdTitle} lead={t.holdLead} back={back} isNarrow>
      <div class="big-bear">
        <Bear heart="beating" isPawHeld />
      </div>
      {pairing.step === 'hold' ? (
        <Notice icon="radio">
          <strong role="status">{t.looking}</strong> {t.lookingLead}
        </Notice>
      ) : (
        !hasRadio && <Notice icon="radio">{hasBridge ? t.noRadio : t.noBridge}</Notice>
      )}
      <TroubleNotice code={act.code} />
      {pairing.step === 'search' && (
        <div class="dock">
          {hasRadio && (
            <Button kind="main" isWide icon="radio" isBusy={act.isBusy} onPress={() => search('here')}>
              {t.find}
            </Button>
          )}
          {hasBridge && (
            <Button
              kind={hasRadio ? 'plain' : 'main'}
              isWide
              icon="bridge"
              isBusy={act.isBusy}
              onPress={() => search('bridge')}
            >
              {t.findBridge}
            </Button>
          )}
        </div>
      )}
    </Page>
  );
}

function Animals({ pairing, act }: { pairing: Pairing; act: Act }) {
  const t = words();
  const { actions } = useModel();
  const answer = (areSame: boolean) => void act.run(() => actions.confirmAnimals(areSame));
  return (
    <Page title={t.pair.animalsTitle} lead={t.pair.animalsLead} isNarrow>
      <ol class="animals">
        {pairing.animals.map((animal, i) => (
          <li key={i}>
            <AnimalPicture animal={animal} />
            <span>
              <small aria-hidden="true">{i + 1}</small> {t.animals[animal]}
            </span>
          </li>
        ))}
      </ol>
      <p class="lead">{t.pair.resets(pairing.resets)}</p>
      <TroubleNotice code={act.code} />
      <div class="dock">
        <div class="row fill">
          <Button kind="main" icon="check" isBusy={act.isBusy} onPress={() => answer(true)}>
            {t.pair.same}
          </Button>
          <Button icon="cross" isDisabled={act.isBusy} onPress={() => answer(false)}>
            {t.pair.different}
          </Button>
        </div>
      </div>
    </Page>
  );
}

function Failed({ code, act }: { code: string; act: Act }) {
  const t = words();
  const { actions } = useModel();
  const back = useWayBack();
  return (
    <Page title={t.pair.failed} back={back} isNarrow>
      <TroubleNotice code={code} />
      <div class="dock">
        <Button kind="main" isWide isBusy={act.isBusy} onPress={() => void act.run(actions.startPairing)}>
          {t.common.tryAgain}
        </Button>
      </div>
    </Page>
  );
}
