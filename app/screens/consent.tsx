// What a toy's microphone means, in plain words, before the first word is recorded.
import { Bear } from '../look/bear.tsx';
import { Button, LinkButton } from '../look/button.tsx';
import { Icon, type IconName } from '../look/icons.tsx';
import { words } from '../words/words.ts';
import { Page } from './page.tsx';

const ICONS: IconName[] = ['microphone', 'family', 'clock', 'shield'];

export function Consent({ onAgree }: { onAgree: () => void }) {
  const t = words().consent;
  return (
    <Page title={t.title} lead={t.lead} isNarrow>
      <div class="consent">
        <div class="consent-bear">
          <Bear heart="glowing" isPawHeld />
        </div>
        <ul class="points">
          {t.points.map(({ head, text }, i) => (
            <li key={head}>
              <Icon name={ICONS[i]!} />
              <div>
                <h2>{head}</h2>
                <p>{text}</p>
              </div>
            </li>
          ))}
        </ul>
      </div>
      <div class="dock still">
        <p class="lead">{t.role}</p>
        <div class="row fill">
          <Button kind="main" icon="check" onPress={onAgree}>
            {t.agree}
          </Button>
          <LinkButton to="#/family" kind="quiet">
            {t.refuse}
          </LinkButton>
        </div>
      </div>
    </Page>
  );
}
