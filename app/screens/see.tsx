// What others can see: counted from the bytes, not promised.
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from '../look/icons.tsx';
import type { Seen } from '../model.ts';
import { countOf } from '../words/format.ts';
import { words } from '../words/words.ts';
import { useModel } from './model.ts';
import { Page } from './page.tsx';

/** Of the requests, the newest. */
const SHOWN_REQUESTS = 8;

export function See() {
  const t = words().see;
  const seen = useModel().state.seen.value;
  const { found, sought } = seen.pieces;
  return (
    <Page title={t.title} lead={t.lead}>
      <section class={`pieces ${found === 0 ? 'good' : 'bad'}`} role="status">
        <Icon name={found === 0 ? 'shield' : 'warn'} />
        <div>
          <strong>{t.pieces(found, sought)}</strong>
          <p>{sought === 0 ? t.piecesNone : t.piecesLead}</p>
        </div>
      </section>
      <div class="cards">
        <RelayCard relay={seen.relay} />
        <Card icon="radio" title={t.radio} lead={t.radioLead}>
          <Rows
            rows={[
              [t.values, countOf(seen.radio.values)],
              [t.bytes, countOf(seen.radio.bytes)],
            ]}
          />
          <Hex label={t.advertisement} hex={seen.radio.advertisement ?? ''} />
          <Hex label={t.lastValue} hex={seen.radio.lastValue} />
        </Card>
        <PushCard push={seen.push} />
      </div>
    </Page>
  );
}

function RelayCard({ relay }: { relay: Seen['relay'] }) {
  const t = words().see;
  const requests = relay.requests.slice(-SHOWN_REQUESTS).reverse();
  return (
    <Card icon="letter" title={t.relay} lead={t.relayLead}>
      <p class="origin">{relay.origin}</p>
      <Rows
        rows={[
          [t.requests, countOf(relay.requests.length)],
          [t.sent, countOf(relay.sentBytes)],
        ]}
      />
      <h3>{t.members}</h3>
      <ul class="members">
        {relay.members.map(({ id, role }) => (
          <li key={id}>
            <code>{id.slice(0, 12)}…</code> {t.roles[role] ?? role}
          </li>
        ))}
      </ul>
      <Hex label={t.lastBody} hex={relay.lastBody} />
      {requests.length > 0 && (
        <>
          <h3>{t.log}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section class="scroll" tabIndex={0} aria-label={t.log}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t.logColumns.at}</th>
                  <th scope="col">{t.logColumns.what}</th>
                  <th scope="col">{t.logColumns.bytes}</th>
                  <th scope="col">{t.logColumns.status}</th>
                </tr>
              </thead>
              <tbody>
                {requests.map(({ method, path, bytes, status, atMs }) => (
                  <tr key={`${atMs} ${path}`}>
                    <td>{new Date(atMs).toTimeString().slice(0, 8)}</td>
                    <td>
                      <code>
                        {method} {path}
                      </code>
                    </td>
                    <td>{countOf(bytes)}</td>
                    <td>{status}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
    </Card>
  );
}

function PushCard({ push }: { push: Seen['push'] }) {
  const t = words().see;
  return (
    <Card icon="phone" title={t.push} lead={push.endpointHost === null ? t.pushOff : t.pushLead}>
      {push.endpointHost !== null && (
        <Rows
          rows={[
            [t.pushHost, push.endpointHost],
            [t.pushBytes, countOf(push.bodyBytes)],
          ]}
        />
      )}
    </Card>
  );
}

function Card(props: { icon: IconName; title: string; lead: string; children: ComponentChildren }) {
  return (
    <section class="card">
      <h2 class="with-icon">
        <Icon name={props.icon} />
        {props.title}
      </h2>
      <p class="lead">{props.lead}</p>
      {props.children}
    </section>
  );
}

function Rows({ rows }: { rows: [string, string][] }) {
  return (
    <dl class="rows">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Hex({ label, hex }: { label: string; hex: string }) {
  const t = words().see;
  return (
    <>
      <h3>{label}</h3>
      {hex === '' ? (
        <p class="lead">{t.nothing}</p>
      ) : (
        <code class="hex">{hex.replace(/(..)(?=.)/g, '$1 ')}</code>
      )}
    </>
  );
}
